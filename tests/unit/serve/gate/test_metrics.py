"""What is counted of each transaction, and how it is given to Prometheus."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from mailcenter.serve.gate.metrics import Measured
from mailcenter.serve.gate.ports import Findings
from mailcenter.serve.gate.scrape import LedgerCollector, Scrape
from tests.unit.serve.gate.world import Dialogue, World


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def verdicts(verdict: str, stage: str, rule: str) -> float:
    return value("mailcenter_gate_verdicts_total", service="mx", stage=stage, verdict=verdict, rule=rule)


def transaction(world: World, *recipients: str, message: bool = True, most: int = 100) -> None:
    dialogue = Dialogue(world, world.desk(recipients=most))
    dialogue.mail()
    for recipient in recipients:
        dialogue.rcpt(recipient)
    if message:
        dialogue.message()
    else:
        dialogue.abort()
    measured = Measured(world)
    observed, world.observed = world.observed, []
    for record, merits in observed:
        measured.observe(record, merits)
    assert world.observed == observed, "the next observer hears of each"


def test_an_accepted_mail_is_counted_with_its_times() -> None:
    before = verdicts("accept", "eom", ""), value("mailcenter_gate_replies_total", code="250")
    times = {stage: value("mailcenter_gate_stage_seconds_count", stage=stage) for stage in ("rcpt", "eom", "rspamd")}
    refused = value("mailcenter_gate_refused_recipients_total", rule="unknown-recipient", code="550")
    transaction(World(), "<alice@demo.example>", "<nobody@demo.example>")
    assert verdicts("accept", "eom", "") == before[0] + 1
    assert value("mailcenter_gate_replies_total", code="250") == before[1] + 1
    for stage, count in times.items():
        assert value("mailcenter_gate_stage_seconds_count", stage=stage) == count + 1
    assert value("mailcenter_gate_refused_recipients_total", rule="unknown-recipient", code="550") == refused + 1


def test_a_refusal_is_counted_by_its_rule() -> None:
    before = verdicts("reject", "eom", "virus")
    transaction(World(findings=Findings(0.0, ("Evil",))), "<alice@demo.example>")
    assert verdicts("reject", "eom", "virus") == before + 1


def test_each_recipient_refused_is_counted_where_all_are() -> None:
    """As of one who guesses names: also those that the record does not list one by one."""
    before = value("mailcenter_gate_refused_recipients_total", rule="unknown-recipient", code="550")
    transaction(World(), *[f"<nobody{number}@demo.example>" for number in range(7)], message=False, most=2)
    after = value("mailcenter_gate_refused_recipients_total", rule="unknown-recipient", code="550")
    assert after == before + 7


@pytest.fixture
def ledger(tmp_path: Path) -> LedgerCollector:
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool" / "node1.1.1.jsonl").write_bytes(b"x" * 123)
    (tmp_path / "heartbeat").write_text(json.dumps({"lag_bytes": 7, "bad_files": 1, "error": ""}))
    return LedgerCollector(tmp_path / "spool", tmp_path / "heartbeat")


def test_what_the_ledger_has_to_do(ledger: LedgerCollector, tmp_path: Path) -> None:
    found = {family.name: family.samples[0].value for family in ledger.collect()}
    assert found["mailcenter_ledger_spool_bytes"] == 123
    assert found["mailcenter_ledger_lag_bytes"] == 7
    assert found["mailcenter_ledger_bad_files"] == 1
    assert 0 <= found["mailcenter_ledger_heartbeat_age_seconds"] < 600
    (tmp_path / "heartbeat").write_text("torn")
    assert [family.name for family in ledger.collect()] == ["mailcenter_ledger_spool_bytes"]


@pytest.mark.parametrize(
    ("request_line", "status", "content"),
    [
        (b"GET /metrics HTTP/1.1", b"200", b"mailcenter_ledger_lag_bytes 7.0"),
        (b"GET /metrics?x=1 HTTP/1.0", b"200", b"# TYPE mailcenter_ledger_lag_bytes gauge"),
        (b"GET /other HTTP/1.1", b"404", b""),
    ],
)
def test_over_http(ledger: LedgerCollector, tmp_path: Path, request_line: bytes, status: bytes, content: bytes) -> None:
    async def run(request: bytes) -> bytes:
        server = await asyncio.start_unix_server(Scrape(tmp_path, ledger).serve, tmp_path / "s")
        async with server:
            reader, writer = await asyncio.open_unix_connection(tmp_path / "s")
            writer.write(request)
            writer.write_eof()
            answer = await reader.read()
            writer.close()
            return answer

    answer = asyncio.run(run(request_line + b"\r\nHost: x\r\n\r\n"))
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert content in answer
    assert asyncio.run(run(b"nonsense\r\n\r\n")) == b""
