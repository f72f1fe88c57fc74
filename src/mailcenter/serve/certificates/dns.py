"""Does a name lead to this platform? Asked of our own resolver, before an authority is bothered."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address
from typing import Final

import aiodns
import pycares

from mailcenter.certificates.state import Problem
from mailcenter.serve.certificates.source import NotObtainedError
from mailcenter.settings.model import Settings

_SECONDS: Final = 5.0
_NOTHING: Final = frozenset({aiodns.error.ARES_ENOTFOUND, aiodns.error.ARES_ENODATA, aiodns.error.ARES_EBADNAME})
_MOST_NAMED: Final = 4


class Leads:
    """To the addresses of `host_name`, or to those that we listen on."""

    def __init__(self, settings: Settings) -> None:
        self._dns = settings.dns
        self._host = settings.host_name
        listened = (ip_address(address) for address in settings.listen.addresses)
        self._listened = {str(address) for address in listened if not address.is_unspecified}

    def fault(self, name: str) -> str:
        """Why the name does not lead here, in one line; "" where it does.

        Raises:
            NotObtainedError: we do not know our own addresses.
        """
        found, ours = asyncio.run(self._ask(name))
        if ours is not None:
            ours |= self._listened
        if not ours:
            raise NotObtainedError(Problem.OURS, f"{self._host} has no address in the DNS")
        return judge(found, ours)

    async def _ask(self, name: str) -> tuple[set[str] | None, set[str] | None]:
        server = f"[{self._dns.address}]:{self._dns.port}" if ":" in self._dns.address else None
        server = server or f"{self._dns.address}:{self._dns.port}"
        flags = pycares.ARES_FLAG_EDNS | pycares.ARES_FLAG_NOSEARCH | pycares.ARES_FLAG_NOALIASES
        resolver = aiodns.DNSResolver([server], timeout=_SECONDS / 2, tries=2, flags=flags, lookups="b")
        try:
            return await _addresses(resolver, name), await _addresses(resolver, self._host)
        finally:
            await resolver.close()


def judge(found: set[str] | None, ours: set[str]) -> str:
    """An authority may take any of the addresses, so all must be ours. None: the name servers did not answer."""
    if found is None:
        return "its name servers do not answer"
    if not found:
        return "it has no address in the DNS"
    strange = sorted(found - ours)
    if strange:
        return f"it leads to {', '.join(strange[:_MOST_NAMED])}, which is not this platform"
    return ""


async def _addresses(resolver: aiodns.DNSResolver, name: str) -> set[str] | None:
    found: set[str] = set()
    for kind in ("A", "AAAA"):
        try:
            async with asyncio.timeout(_SECONDS):
                result = await resolver.query_dns(name, kind)
        except aiodns.error.DNSError as error:
            if error.args[0] in _NOTHING:
                continue
            return None
        except TimeoutError:
            return None
        records = (answer.data for answer in result.answer)
        found |= {
            str(ip_address(record.addr))
            for record in records
            if isinstance(record, pycares.ARecordData | pycares.AAAARecordData)
        }
    return found
