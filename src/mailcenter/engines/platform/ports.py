"""Which ports the platform needs, and who has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mailcenter.engines import proc
from mailcenter.settings.model import Settings


@dataclass(frozen=True)
class Wanted:
    """A port that the platform listens on; `setting` is its name in `mailcenter.toml`."""

    setting: str
    protocol: str
    address: str
    port: int


@dataclass(frozen=True)
class Taken:
    """A wanted port held by a process that is not ours; `pid` 0: not to be seen who."""

    wanted: Wanted
    pid: int
    command: str

    def __str__(self) -> str:
        where = f"{self.wanted.protocol} port {self.wanted.port} on {self.wanted.address} ({self.wanted.setting})"
        return f"{where} is taken by {f'process {self.pid}: {self.command}' if self.pid else 'an unknown process'}"


def wanted_ports(settings: Settings) -> list[Wanted]:
    names = [name for name in type(settings.listen).model_fields if name != "addresses"]
    public = [
        Wanted(f"listen.{name}", "tcp", address, getattr(settings.listen, name))
        for name in names
        for address in settings.listen.addresses
    ]
    resolver = [Wanted("dns.port", protocol, settings.dns.address, settings.dns.port) for protocol in ("tcp", "udp")]
    guard = Wanted("guard.port", "tcp", "127.0.0.1", settings.guard.port)
    return [*public, *resolver, guard]


def taken_ports(wanted: Iterable[Wanted], listeners: Iterable[proc.Listener], ours: Iterable[int]) -> list[Taken]:
    """The wanted ports that others hold.

    Args:
        ours: processes of this state; what they and their descendants hold is not taken.
    """
    own = {pid for pid in ours if pid}
    found = []
    held = list(listeners)
    for want in wanted:
        for listener in held:
            if not listener.conflicts(want.protocol, want.address, want.port):
                continue
            if own & proc.ancestors(listener.pid):
                continue
            found.append(Taken(want, listener.pid, proc.command_line(listener.pid)[:80]))
            break
    return found
