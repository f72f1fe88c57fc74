"""The benchmark's page says the figures as they were measured, and which are worse than stock."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from bench.measure import Result
from bench.page import put
from bench.report import Measured, Row, rows, shares, unwanted, write


def _measured(per_second: float, cpu_ms: float, delay_ms: float) -> Measured:
    def result(factor: float) -> Result:
        return Result(100, 100 / (per_second * factor), {"postfix": cpu_ms / 10, "idle": 0.0}, Counter())

    results = [result(factor) for factor in (0.5, 1.0, 3.0)]
    return Measured(results, results, [[delay_ms / 1000, 1.0, 0.0]])


_OURS, _STOCK = _measured(80, 20, 25), _measured(40, 10, 50)


def test_median_of_the_rounds_and_ratio_to_stock() -> None:
    found = {row.name: (round(row.ours, 3), round(row.stock, 3), row.at_least_as_good) for row in rows(_OURS, _STOCK)}
    assert found == {
        "delivered mails per second": (80, 40, True),
        "CPU per delivered mail, ms": (20, 10, False),
        "end of DATA to mailbox at 5 mails/s, median ms": (25, 50, True),
        "refused recipients per second": (80, 40, True),
        "CPU per refused recipient, ms": (20, 10, False),
    }


def test_the_ratio_is_that_within_the_rounds() -> None:
    drifting = Row("CPU", [10.0, 30.0, 12.0], [20.0, 60.0, 10.0], more_is_better=False)
    assert (drifting.ours, drifting.stock, drifting.ratio, drifting.at_least_as_good) == (12.0, 20.0, 0.5, True)


def test_shares_add_up_and_leave_out_what_used_nothing() -> None:
    assert {name: round(value, 6) for name, value in shares(_OURS.deliveries).items()} == {"postfix": 20}


def test_replies_that_were_not_wanted_are_told() -> None:
    odd = Result(1, 1.0, {}, Counter({"rcpt: 451 later": 3}))
    assert unwanted(Measured([odd], [odd], [])) == ["3 × rcpt: 451 later"] * 2


def test_the_page_holds_command_date_and_every_figure(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    write(page, _OURS, _STOCK, corpus="Mails.", command="make bench", when=datetime(2026, 11, 21, tzinfo=UTC))
    text = page.read_text()
    assert "`make bench` on 2026-11-21" in text
    assert all(row.name in text for row in rows(_OURS, _STOCK))
    assert "| CPU per delivered mail, ms | 20.00 | 10.00 | 2.00 | less | no |" in text


def test_a_section_leaves_the_others(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    put(page, "detection", "## Detection\n\nfirst\n")
    put(page, "stacks", "## Stacks\n")
    put(page, "detection", "## Detection\n\nsecond")
    assert page.read_text() == (
        "# Benchmarks\n\n<!-- begin stacks -->\n## Stacks\n<!-- end stacks -->\n\n"
        "<!-- begin detection -->\n## Detection\n\nsecond\n<!-- end detection -->\n"
    )
