"""The SPF suite of RFC 7208 (openspf's YAML): each scenario's zone data, and the result allowed for each case."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bench.smtp import Client
from bench.suites.probe import Case
from bench.suites.scenario import Scenario
from bench.suites.zones import Names, absolute, text_record

_CONTENT = b"From: Suite <suite@author.invalid>\nTo: postmaster\nSubject: a case of the SPF suite\n\nhello\n"
_TIMEOUT = "TIMEOUT"
_NO_TXT = "NONE"


def read(path: Path) -> list[Scenario]:
    """Every scenario of the file.

    Raises:
        OSError, yaml.YAMLError: it cannot be read.
    """
    with path.open(encoding="utf-8") as file:
        return [_scenario(document) for document in yaml.safe_load_all(file) if document]


def _scenario(document: dict[str, Any]) -> Scenario:
    tests: dict[str, dict[str, Any]] = document["tests"]
    cases = [
        Case(name, Client(helo=str(test["helo"]), address=str(test["host"])), str(test["mailfrom"]), _CONTENT)
        for name, test in tests.items()
    ]
    allowed = {name: {"spf": _words(test["result"])} for name, test in tests.items()}
    return Scenario(str(document["description"]), names_of(document["zonedata"]), cases, allowed)


def _words(result: str | list[str]) -> set[str]:
    return {result} if isinstance(result, str) else set(result)


def names_of(zone_data: dict[str, list[Any]]) -> Names:
    """The suite's zone data as records. A name's `SPF` records stand for TXT records too, unless it has TXT itself."""
    names = Names()
    for name, entries in zone_data.items():
        owner = str(name).rstrip(".").lower()
        pairs = [pair for entry in entries if isinstance(entry, dict) for pair in entry.items()]
        texts = [value for kind, value in pairs if kind == "TXT"]
        wanted = [value for value in texts if value != _NO_TXT]
        if not texts:
            wanted = [value for kind, value in pairs if kind == "SPF"]
        if _TIMEOUT in entries and not wanted:
            names.unanswered.add(owner)
            continue
        records = [text_record(_strings(value)) for value in wanted]
        records += [_record(kind, value) for kind, value in pairs if kind not in {"TXT", "SPF"}]
        names.records[owner] += records
    return names


def _strings(value: str | list[str]) -> list[bytes]:
    """Character strings of bytes; the suite writes each byte as the character of the same number."""
    parts = value if isinstance(value, list) else [value]
    return [part.encode("latin-1") if all(ord(sign) < 256 for sign in part) else part.encode() for part in parts]


def _record(kind: str, value: Any) -> str:
    if kind == "MX":
        preference, exchange = value
        return f"MX {preference} {absolute(exchange) if exchange else '.'}"
    return f"{kind} {absolute(value) if kind in {'PTR', 'CNAME'} else value}"
