"""A DNS that lies in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address

from mailcenter.serve.gate.ports import MailHost, UnavailableError

Records = dict[str, tuple[str, ...]]


@dataclass
class FakeDns:
    """Records by `TYPE name` (MX: `10 host`, PTR by reverse name); `failing`: names without an answer, `*` for all."""

    records: Records = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def expect(self, name: str, kind: str) -> None:
        assert kind in ("A", "MX", "PTR", "TXT"), name

    async def a(self, name: str) -> tuple[str, ...]:
        return self._find("A", name)

    async def aaaa(self, name: str) -> tuple[str, ...]:
        return self._find("AAAA", name)

    async def ptr(self, address: str) -> tuple[str, ...]:
        return self._find("PTR", ip_address(address).reverse_pointer)

    async def mx(self, name: str) -> tuple[MailHost, ...]:
        pairs = (text.split(" ") for text in self._find("MX", name))
        return tuple(MailHost(int(preference), host) for preference, host in pairs)

    async def txt(self, name: str) -> tuple[str, ...]:
        return self._find("TXT", name)

    async def exists(self, name: str) -> bool:
        self._note("A", name)
        owners = (key.split(" ")[1] for key in self.records)
        return any(owner == name or owner.endswith(f".{name}") for owner in owners)

    def _find(self, kind: str, name: str) -> tuple[str, ...]:
        self._note(kind, name)
        return self.records.get(f"{kind} {name}", ())

    def _note(self, kind: str, name: str) -> None:
        self.asked.append(f"{kind} {name}")
        if "*" in self.failing or any(name == each or name.endswith(f".{each}") for each in self.failing):
            raise UnavailableError("dns", f"{name}: no answer")
