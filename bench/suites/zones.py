"""DNS records of a suite as zones that the platform's resolver serves while the suite runs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from mailcenter.engines.unbound import ENGINE as UNBOUND
from mailcenter.engines.unbound.zones import hidden_defaults, zones_directory
from mailcenter.settings.model import Settings

_HEAD = "$TTL 60\n@ SOA ns.invalid. hostmaster.invalid. 1 3600 600 86400 60\n@ NS ns.invalid.\n"
_LABEL_BYTES = 63
_STRING_BYTES = 255


@dataclass
class Names:
    """Records by absolute lower-case name (no final dot), `TYPE DATA` in the master file's form (RFC 1035 section 5).

    `unanswered`: names of which no server tells anything; the resolver says SERVFAIL for these.
    """

    records: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    unanswered: set[str] = field(default_factory=set)


def text_record(strings: list[bytes]) -> str:
    """A TXT record of these character strings; one that is too long becomes several."""
    pieces = [
        part[start : start + _STRING_BYTES] for part in strings for start in range(0, max(1, len(part)), _STRING_BYTES)
    ]
    return "TXT " + " ".join(f'"{_escaped(piece)}"' for piece in pieces or [b""])


def absolute(name: str) -> str:
    """A name as data of a record."""
    return ".".join(_escaped_label(label) for label in name.rstrip(".").split(".")) + "."


def can_exist(name: str) -> bool:
    """Whether the DNS could hold such a name at all (RFC 1035 section 2.3.4)."""
    return all(0 < len(label.encode()) <= _LABEL_BYTES for label in name.rstrip(".").split("."))


def zone_files(names: Names) -> dict[str, str]:
    """The text of each zone by its name."""
    lines: dict[str, list[str]] = defaultdict(list)
    for name, records in names.records.items():
        if can_exist(name) and name not in names.unanswered:
            lines[_zone_of(name, names.unanswered)] += [f"{absolute(name)} {record}" for record in records]
    for name in names.unanswered:
        nowhere = absolute(f"nowhere.{name}")
        lines[_zone_of(name, names.unanswered - {name})] += [
            f"{absolute(name)} NS {nowhere}",
            f"{nowhere} A 127.0.0.9",  # nobody listens there
        ]
    return {zone: _HEAD + "\n".join(records) + "\n" for zone, records in lines.items()}


@contextmanager
def served(settings: Settings, names: Names) -> Iterator[None]:
    """The platform's resolver serves these names; its own zones of the same names are put aside meanwhile."""
    folder = zones_directory(settings)
    before: dict[str, bytes | None] = {}
    try:
        for zone, text in zone_files(names).items():
            file = folder / f"{zone}.zone"
            before[zone] = file.read_bytes() if file.exists() else None
            file.write_text(text)
        UNBOUND.reload(settings)
        yield
    finally:
        for zone, content in before.items():
            file = folder / f"{zone}.zone"
            if content is None:
                file.unlink(missing_ok=True)
            else:
                file.write_bytes(content)
        UNBOUND.reload(settings)


def _zone_of(name: str, unanswered: set[str]) -> str:
    """The zone that holds a name: a whole top level; below a name that nobody answers for, one of its own."""
    labels = name.split(".")
    above = [".".join(labels[start:]) for start in range(1, len(labels))]
    for position, parent in enumerate(above):
        if parent in unanswered:
            return ".".join(labels[position:])
    if hidden := hidden_defaults([name]):  # the resolver would answer a zone above these itself (RFC 6303)
        return max(hidden, key=len)
    return ".".join(labels[-2:]) if labels[-1] == "arpa" else labels[-1]


def _escaped(data: bytes) -> str:
    return "".join(chr(byte) if 0x20 <= byte < 0x7F and byte not in b'"\\' else f"\\{byte:03}" for byte in data)


def _escaped_label(label: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", lambda found: "".join(f"\\{byte:03}" for byte in found[0].encode()), label)
