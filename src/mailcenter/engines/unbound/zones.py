"""The zone files that the resolver serves as its own: `NAME.zone` in the zones directory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

# unbound.conf(5), "local-zone": zones that Unbound answers itself unless told otherwise.
_DEFAULT_ZONES = (
    "127.in-addr.arpa",
    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa",
    "home.arpa",
    "test",
    "10.in-addr.arpa",
    *(f"{number}.172.in-addr.arpa" for number in range(16, 32)),
    "168.192.in-addr.arpa",
    "0.in-addr.arpa",
    *(f"{number}.100.in-addr.arpa" for number in range(64, 128)),
    "254.169.in-addr.arpa",
    "2.0.192.in-addr.arpa",
    "100.51.198.in-addr.arpa",
    "113.0.203.in-addr.arpa",
    "255.255.255.255.in-addr.arpa",
    "d.f.ip6.arpa",
    *(f"{digit}.e.f.ip6.arpa" for digit in "89ab"),
    "8.b.d.0.1.0.0.2.ip6.arpa",
)


@dataclass(frozen=True)
class Zone:
    """An own zone; `digest` changes with the file, so that the rendered configuration does too."""

    name: str
    file: Path
    digest: str


def zones_directory(settings: Settings) -> Path:
    return settings.dns.zones_dir or paths(settings).state / "zones"


def zone_files(settings: Settings) -> list[Zone]:
    """The own zones in order of their names."""
    return [
        Zone(file.name.removesuffix(".zone").lower(), file, hashlib.sha256(file.read_bytes()).hexdigest()[:16])
        for file in sorted(zones_directory(settings).glob("*.zone"))
    ]


def hidden_defaults(names: Iterable[str]) -> list[str]:
    """Unbound's built-in zones that would hide one of the named zones: the same name, or one above it."""
    wanted = list(names)
    return [
        default for default in _DEFAULT_ZONES if any(name == default or name.endswith(f".{default}") for name in wanted)
    ]
