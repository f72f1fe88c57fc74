"""How patiently the detection benchmark sends, and what its table counts."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from bench.detection import report
from bench.detection.corpus import Sorted
from bench.detection.greylist import section
from bench.detection.run import Fates, pause
from bench.detection.speed import measure_speed
from bench.mails import mail
from bench.measure import Result
from bench.smtp import Outcome, Stage


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("4.7.1 greylisted, try again in 2 seconds [35e95bazpwhh2] https://x.example/r/1", 2.2), ("4.3.0 later", None)],
)
def test_the_greylist_says_for_how_long_to_wait(text: str, seconds: float | None) -> None:
    assert pause(Outcome(Stage.RCPT, 451, text)) == seconds


def test_mails_that_were_put_off_first_are_counted_beside_their_ends() -> None:
    fates = Fates(refused=1, junk=1, passed=8, late=5)
    text = section({"ham": fates}, datetime(2026, 1, 1, tzinfo=UTC))
    assert "| ham | 5 (50.0 %) | 1 (10.0 %) | 0 (0.0 %) | 1 (10.0 %) | 8 (80.0 %) |" in text


def test_what_was_delayed_counts_by_what_became_of_it_later() -> None:
    first = Fates(
        refused=1, delayed=3, junk=1, passed=5, reasons=Counter({"554 no": 1, "451 later": 3}), put_off=[2, 4, 6]
    )
    second = Fates(refused=1, delayed=1, passed=1, reasons=Counter({"554 no": 1, "451 later": 1}), put_off=[4])
    ends = first.followed_by(second)
    assert (report.figures(ends), ends.put_off) == ((2, 1, 1, 6), [4])
    assert ends.total == first.total
    assert ends.reasons == {"554 no": 2, "451 later": 1}


def test_the_speed_is_told_beside_what_is_found() -> None:
    ours, stock = ([Result(200, seconds, {"postfix": cpu}, Counter())] for seconds, cpu in ((4.0, 5.0), (5.0, 6.0)))
    text = report.section([], {}, {"ours": ours, "stock": stock}, datetime(2026, 1, 1, tzinfo=UTC))
    assert "| delivered mails per second | 50.00 | 40.00 | 1.25 | more | yes |" in text
    assert "| CPU per delivered mail, ms | 25.00 | 30.00 | 0.83 | less | yes |" in text
    assert "200 of the wanted mails, which both take, in 1 rounds" in text


def test_a_corpus_without_wanted_mails_tells_no_speed() -> None:
    assert measure_speed([], [Sorted("spam", mail("a", b"Subject: x\r\n\r\n"), None)]) == {}
    assert "How fast" not in report.section([], {}, {}, datetime(2026, 1, 1, tzinfo=UTC))
