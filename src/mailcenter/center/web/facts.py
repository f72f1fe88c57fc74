"""The technical facts behind a verdict, sorted for reading: tests with scores, times, and what else there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MOST = 200
"""Lines of one kind that are shown; the gate bounds what it writes, this only bounds the page."""


TIMES: dict[str, Promise | str] = {
    "mail": _("Check of the sender"),
    "rcpt": _("Check of the recipients"),
    "rspamd": _("Spam filter"),
    "clamd": _("Virus scanner"),
    "eom": _("Check of the content in all"),
}
TITLES: dict[str, Promise | str] = {
    "viruses": _("Viruses found"),
    "authentication": _("Proof of the sender (SPF, DKIM, DMARC, ARC)"),
}


@dataclass(frozen=True)
class Symbol:
    """One test of the content filter with its share of the score."""

    name: str
    score: float
    description: str


@dataclass(frozen=True)
class Facts:
    """`symbols` with the highest shares first; `times` in milliseconds by stage; `others` by name."""

    symbols: tuple[Symbol, ...]
    times: tuple[tuple[Promise | str, float], ...]
    others: tuple[tuple[Promise | str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.symbols or self.times or self.others)


def facts_of(raw: Mapping[str, Any]) -> Facts:
    """Any JSON object of the gate; what is not known by name is shown as it is."""
    rest = dict(raw)
    symbols = _symbols(rest.pop("symbols", None))
    times = rest.pop("ms", None)
    return Facts(
        symbols=tuple(sorted(symbols, key=lambda symbol: (-abs(symbol.score), symbol.name))[:MOST]),
        times=tuple(_times(times))[:MOST],
        others=tuple(
            (TITLES.get(name, name), _as_text(value)) for name, value in rest.items() if value not in (None, "", [], {})
        )[:MOST],
    )


def _times(raw: Any) -> Iterator[tuple[Promise | str, float]]:
    for name, value in raw.items() if isinstance(raw, Mapping) else ():
        if isinstance(value, int | float):
            yield TIMES.get(str(name), str(name)), float(value)


def _symbols(raw: Any) -> list[Symbol]:
    pairs = raw.items() if isinstance(raw, Mapping) else []
    symbols = []
    for name, value in pairs:
        if isinstance(value, Mapping):
            symbols.append(Symbol(str(name), float(value.get("score") or 0), str(value.get("description") or "")))
        elif isinstance(value, int | float):
            symbols.append(Symbol(str(name), float(value), ""))
    return symbols


def _as_text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_as_text(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_as_text(item) for item in value)
    return str(value)
