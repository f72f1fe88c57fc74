"""What the DNS says of a client and of the sender's domain: the questions about one are asked at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from ipaddress import IPv4Address
from typing import Any, Final

from mailcenter.policy.client_network import parsed
from mailcenter.policy.dns_lists.answers import DnsList, is_refusal
from mailcenter.policy.facts_client import ClientFacts, Listing, ReverseFault, SenderDomainFault
from mailcenter.serve.gate.ports import Dns, UnavailableError

MOST_NAMES: Final = 5
"""Names of one address that are led back; who has more is not asked about all of them."""
_CANARY_TIMEOUT: Final = 2.0


class Clients:
    """`canary` raises where the resolver itself fails. `offline`: what lies below no own zone says nothing."""

    def __init__(
        self, dns: Dns, lists: Sequence[DnsList], canary: Callable[[], Awaitable[None]], *, offline: bool
    ) -> None:
        self._dns = dns
        self._lists = lists
        self._canary = canary
        self._offline = offline
        self._tasks: set[asyncio.Task[Any]] = set()

    def ask_about(self, address: str) -> asyncio.Task[ClientFacts] | None:
        """Start asking about a client; nothing is asked about this machine itself."""
        if not is_judged(address):
            return None
        task = asyncio.create_task(self.client(address))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def expect_domain(self, domain: str) -> None:
        """Put the first questions about a sender's domain: `sender_domain` takes one answer, SPF the other."""
        self._dns.expect(domain, "MX")
        self._dns.expect(domain, "TXT")

    async def client(self, address: str) -> ClientFacts:
        """All that the DNS says of a client's address; without its greeting."""
        questions = [dns_list.question(address) for dns_list in self._lists]
        for question in questions:  # all on their way at once: then they may be waited for one after the other
            self._dns.expect(question, "A")
        self._dns.expect(parsed(address).reverse_pointer, "PTR")
        blocked: list[Listing] = []
        allowed: list[Listing] = []
        unanswered: list[str] = []
        for dns_list, question in zip(self._lists, questions, strict=True):
            weight = await self._weight(dns_list, question)
            if weight is None:
                unanswered.append(dns_list.zone)
            elif weight > 0:
                (blocked if dns_list.kind == "block" else allowed).append(Listing(dns_list.zone, weight))
        ptr, reverse = await self._reverse(address)
        return ClientFacts(
            ptr=ptr,
            fcrdns=bool(ptr) and not reverse,
            reverse=reverse,
            dnsbl=tuple(blocked),
            dnswl=tuple(allowed),
            unanswered=tuple(unanswered),
            resolver_dead=bool(unanswered) and await self._is_dead(),
        )

    async def sender_domain(self, domain: str) -> SenderDomainFault:
        """What is wrong with a domain that mail claims to come from."""
        try:
            hosts = await self._dns.mx(domain)
            if hosts:
                return "" if any(host.name for host in hosts) else "takes-no-mail"
            if await self._dns.a(domain) or await self._dns.aaaa(domain):
                return ""
            labels = domain.split(".")
            above = [".".join(labels[start:]) for start in range(max(1, len(labels) - 1))]
            return "missing" if await self._is_known(above) else ""
        except UnavailableError:
            return "unanswered"

    async def _reverse(self, address: str) -> tuple[str, ReverseFault]:
        names: tuple[str, ...] = ()
        try:
            names = (await self._dns.ptr(address))[:MOST_NAMES]
            if not names:
                return "", "missing" if await self._is_known(_reverse_zones(address)) else ""
            for name in names:
                if await self._leads_to(name, address):
                    return name, ""
        except UnavailableError:
            return names[0] if names else "", "unanswered"
        return names[0], "unconfirmed"

    async def _leads_to(self, name: str, address: str) -> bool:
        wanted = parsed(address)
        forward = self._dns.a if isinstance(wanted, IPv4Address) else self._dns.aaaa
        return any(parsed(found) == wanted for found in await forward(name))

    async def _weight(self, dns_list: DnsList, question: str) -> float | None:
        """The weight; None where the list gave no answer."""
        try:
            answers = await self._dns.a(question)
        except UnavailableError:
            return None
        return None if is_refusal(answers) else dns_list.weight_of(answers)

    async def _is_dead(self) -> bool:
        try:
            async with asyncio.timeout(_CANARY_TIMEOUT):
                await self._canary()
        except (UnavailableError, TimeoutError):
            return True
        return False

    async def _is_known(self, names: Sequence[str]) -> bool:
        """Whether it tells anything that a name is missing: offline only below the zones that are served."""
        if not self._offline:
            return True
        return any([await self._dns.exists(name) for name in names])


@lru_cache(maxsize=1024)
def is_judged(address: str) -> bool:
    """Whether a client has a reputation: not this machine, nor what is no address."""
    try:
        return not parsed(address).is_loopback
    except ValueError:
        return False


def _reverse_zones(address: str) -> list[str]:
    """Zones that usually hold the reverse names of an address: /24 and /16, or /64, /48 and /32."""
    name = parsed(address).reverse_pointer
    labels = name.split(".")
    kept = (1, 2) if name.endswith(".in-addr.arpa") else (16, 20, 24)
    return [".".join(labels[start:]) for start in kept]
