"""The technical facts behind a verdict, sorted for reading: tests with scores, times, and what else there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST = 200
"""Lines of one kind that are shown; the gate bounds what it writes, this only bounds the page."""


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
    times: tuple[tuple[str, float], ...]
    others: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.symbols or self.times or self.others)


def facts_of(raw: Mapping[str, Any]) -> Facts:
    """Any JSON object of the gate; what is not known by name is shown as it is."""
    rest = dict(raw)
    symbols = _symbols(rest.pop("symbols", None) or {})
    times = rest.pop("times_ms", None) or rest.pop("times", None) or {}
    return Facts(
        symbols=tuple(sorted(symbols, key=lambda symbol: (-abs(symbol.score), symbol.name))[:MOST]),
        times=tuple((name, value) for name, value in times.items() if isinstance(value, int | float))[:MOST],
        others=tuple(
            (name, _as_text(value)) for name, value in list(rest.items())[:MOST] if value not in (None, "", [], {})
        ),
    )


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
