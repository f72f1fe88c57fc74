"""All scanners side by side: one that is late, broken or gone means no decision."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import pytest

from mailcenter.serve.gate.ports import Findings, UnavailableError
from mailcenter.serve.gate.scanning import Scanners
from tests.unit.serve.gate.servers import question

GOOD: dict[str, Any] = {"score": 1.0, "symbols": {}}


@dataclass
class Part:
    """A scanner or helper: what it gives, after how long."""

    gives: Any = None
    after: float = 0.0
    asked: int = 0
    cancelled: bool = False
    seen: list[Any] = field(default_factory=list)
    name: str = "clamd"

    async def check(self, *given: Any) -> Any:
        self.asked += 1
        self.seen += given
        try:
            await asyncio.sleep(self.after)
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        if isinstance(self.gives, Exception):
            raise self.gives
        return self.gives

    scan = check


def run(rspamd: Part, clamd: Part, redis: Part | None = None, resolver: Part | None = None, *further: Part) -> Findings:
    parts: list[Any] = [rspamd, (clamd, *further), redis or Part(), resolver or Part()]
    return asyncio.run(Scanners(*parts, timeout=0.3, rspamd_limit=8).scan(question()))


def test_side_by_side() -> None:
    started = time.monotonic()
    findings = run(Part(GOOD, after=0.15), Part(("V",), after=0.15))
    assert time.monotonic() - started < 0.28
    assert (findings.score, findings.viruses) == (1.0, ("V",))
    assert all(150 <= findings.milliseconds[part] < 300 for part in ("rspamd", "clamd"))


@pytest.mark.parametrize("broken", range(3))
@pytest.mark.parametrize(("after", "error"), [(5.0, None), (0.0, UnavailableError("x", "gone"))])
def test_one_fails(broken: int, after: float, error: Exception | None) -> None:
    parts = [Part(GOOD), Part(()), Part()]
    parts[broken] = Part(error, after=after)
    with pytest.raises(UnavailableError) as raised:
        run(*parts)
    if after:
        assert raised.value.part == ["rspamd", "clamd", "redis"][broken]
        assert parts[broken].cancelled


def test_every_scanner_is_asked_and_each_finding_counts() -> None:
    second = Part(("W", "V"), after=0.1, name="second")
    findings = run(Part(GOOD), Part(("V",)), None, None, second)
    assert findings.viruses == ("V", "W")
    assert [(one.finding, one.scanner) for one in findings.infected] == [
        ("V", "clamd"),
        ("W", "second"),
        ("V", "second"),
    ]
    assert findings.milliseconds["second"] >= 100
    with pytest.raises(UnavailableError, match="second"):
        run(Part(GOOD), Part(()), None, None, Part(UnavailableError("second", "gone"), name="second"))


def test_failure_stops_the_others() -> None:
    clamd = Part((), after=5.0)
    with pytest.raises(UnavailableError):
        run(Part(UnavailableError("rspamd", "gone")), clamd)
    assert clamd.cancelled


def test_nonsense_from_rspamd() -> None:
    with pytest.raises(UnavailableError, match="no score"):
        run(Part({}), Part(()))


def test_resolver_is_asked_when_names_failed() -> None:
    failing = {"score": 1.0, "symbols": {"R_SPF_DNSFAIL": {}}}
    resolver = Part()
    run(Part(failing), Part(()), resolver=resolver)
    assert resolver.asked == 1
    with pytest.raises(UnavailableError, match="resolver"):
        run(Part(failing), Part(()), resolver=Part(UnavailableError("resolver", "dead")))
    spared = Part()
    run(Part(GOOD), Part(()), resolver=spared)
    assert spared.asked == 0
