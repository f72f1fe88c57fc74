"""The ARC suite's validation cases (YAML): messages, keys, and the chain validation status of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bench.smtp import Client
from bench.suites.probe import Case
from bench.suites.scenario import Scenario
from bench.suites.zones import Names, text_record

_CLIENT = Client(helo="lists.example.org", address="72.52.75.15")
_SENDER = "jqd@d1.example.org"
_NOT_PASSED = {"fail", "none"}
"""A chain that was failed by an earlier hop says nothing more (`cv` is empty): it only must not pass."""


def read(path: Path) -> list[Scenario]:
    """Every scenario of the file.

    Raises:
        OSError, yaml.YAMLError: it cannot be read.
    """
    with path.open(encoding="utf-8") as file:
        return [_scenario(document) for document in yaml.safe_load_all(file) if document]


def _scenario(document: dict[str, Any]) -> Scenario:
    names = Names()
    for name, value in document.get("txt-records", {}).items():
        names.records[str(name).lower()].append(text_record([str(value).encode()]))
    tests: dict[str, dict[str, Any]] = document["tests"]
    cases = [Case(name, _CLIENT, _SENDER, str(test["message"]).encode()) for name, test in tests.items()]
    allowed = {name: {"arc": _allowed(test["cv"])} for name, test in tests.items()}
    return Scenario(str(document["description"]), names, cases, allowed)


def _allowed(status: object) -> set[str]:
    word = str(status or "").lower()
    return {word} if word else _NOT_PASSED
