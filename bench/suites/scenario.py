"""A part of a suite: mails, what the DNS holds meanwhile, and the results allowed; compared with those seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.replay.platform import Platform, PlatformError
from bench.suites.probe import Case, Seen, forget, probe
from bench.suites.zones import Names, served
from mailcenter.settings.load import load

Allowed = dict[str, set[str]]
"""By method (of DKIM by the name of the key record), the results permitted."""


@dataclass(frozen=True)
class Scenario:
    """`allowed` by the name of the case."""

    name: str
    names: Names
    cases: list[Case]
    allowed: dict[str, Allowed]


@dataclass(frozen=True)
class Difference:
    """A case that came out otherwise than the suite permits."""

    case: str
    method: str
    allowed: set[str]
    found: str


@dataclass
class Outcome:
    """What came of a suite. `not_judged`: cases whose envelope is refused before anything is checked, and the reply."""

    as_expected: int = 0
    differences: list[Difference] = field(default_factory=list)
    not_judged: dict[str, str] = field(default_factory=dict)

    @property
    def false_passes(self) -> list[Difference]:
        """Where the gate says `pass` and must not: these would let a forger through."""
        return [one for one in self.differences if one.found == "pass"]


def run(platform: Platform, scenarios: Iterable[Scenario]) -> Outcome:
    """Drive every scenario, one after the other.

    Raises:
        PlatformError: the platform does not serve, or asks the real DNS.
    """
    settings = load(platform.config)
    if not settings.dns.offline:
        raise PlatformError("a suite brings its own DNS: run it on a platform with `dns.offline`, such as a demo")
    outcome = Outcome()
    for scenario in scenarios:
        with served(settings, scenario.names):
            forget(platform)
            seen = probe(platform, scenario.cases)
        for name, one in seen.items():
            compare(name, scenario.allowed[name], one, outcome)
    return outcome


def compare(name: str, allowed: Allowed, seen: Seen, outcome: Outcome) -> None:
    """Add one case to the outcome."""
    reply = seen.outcome
    if reply.refused:
        outcome.not_judged[name] = f"{reply.stage}: {reply.code} {reply.text}"
        return
    found = seen.words() if reply.accepted else {}
    silent = "nothing" if reply.accepted else "temperror" if reply.deferred else "lost"
    differences = [
        Difference(name, method, permitted, found.get(method, silent))
        for method, permitted in allowed.items()
        if found.get(method, silent) not in permitted
    ]
    outcome.differences += differences
    outcome.as_expected += not differences
