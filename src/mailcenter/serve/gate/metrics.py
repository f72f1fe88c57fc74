"""The gate's figures for Prometheus, counted in each worker into mapped files that any worker can add up.

`PROMETHEUS_MULTIPROC_DIR` (set by the engine) is where these lie; without it, as in tests, they stay in the process.
Labels come from fixed sets only: rules, stages, scanners, reply codes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from prometheus_client import Counter, Histogram

from mailcenter.ledger.record import TransactionRecord
from mailcenter.serve.gate.ports_memory import Merits, Observer

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

VERDICTS: Final = Counter(
    "mailcenter_gate_verdicts",
    "Transactions by their end; rule is empty for what was accepted or given up.",
    ("service", "stage", "verdict", "rule"),
)
REFUSED_RECIPIENTS: Final = Counter(
    "mailcenter_gate_refused_recipients", "Recipients refused or put off at RCPT, by rule.", ("rule", "code")
)
REPLIES: Final = Counter("mailcenter_gate_replies", "Transactions by the code of their last reply.", ("code",))
STAGES: Final = Histogram(
    "mailcenter_gate_stage_seconds",
    "Time per transaction at MAIL, RCPT and the end of DATA, and in it for attachments and each scanner.",
    ("stage",),
    buckets=_SECONDS,
)
DNS_FAILURES: Final = Counter(
    "mailcenter_gate_dns_failures", "Questions to the resolver that got no answer, by record type.", ("type",)
)


class Measured:
    """Implements `ports_memory.Observer`: counts, then tells the next observer."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self._children: dict[tuple[Any, ...], Callable[[], None]] = {}
        self._stages: dict[str, Callable[[float], None]] = {}

    def observe(self, record: TransactionRecord, merits: Merits | None) -> None:
        self._count(VERDICTS, record.service, record.stage, record.verdict, record.rule)
        if record.code:
            self._count(REPLIES, str(record.code))
        for rule, code in _refused_at_rcpt(record):
            self._count(REFUSED_RECIPIENTS, rule, code)
        for stage, milliseconds in record.facts.get("ms", {}).items():
            note = self._stages.get(stage)
            if note is None:
                note = self._stages[stage] = STAGES.labels(stage).observe
            note(milliseconds / 1000)
        self._observer.observe(record, merits)

    def _count(self, counter: Counter, *labels: str) -> None:
        """Add one. What belongs to a set of labels is found once: `labels` costs more than the counting."""
        key = (counter, *labels)
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = counter.labels(*labels).inc
        child()


def _refused_at_rcpt(record: TransactionRecord) -> list[tuple[str, str]]:
    """Rule and code of each recipient that was refused by itself; later ones share what became of the message."""
    refused = [
        (recipient.rule, str(recipient.code))
        for recipient in record.recipients
        if recipient.rule and (record.stage == "rcpt" or recipient.rule != record.rule)
    ]
    return refused + refused[-1:] * int(record.facts.get("recipients_not_listed", 0))
