"""Ask our own resolver for the records of a domain, all at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import aiodns
import pycares

from mailcenter.center.discovery.records import Found, Kind, Wanted
from mailcenter.settings.model import Dns

SECONDS = 5.0
"""For all questions together."""
_NOTHING = frozenset({aiodns.error.ARES_ENOTFOUND, aiodns.error.ARES_ENODATA, aiodns.error.ARES_EBADNAME})
MOST_SHOWN = 20
"""Records of one name; more are not looked at."""


def look_up(dns: Dns, records: Iterable[Wanted]) -> list[Found]:
    """What is there of each, in their order; None where there was no answer in time."""
    return asyncio.run(_all(dns, list(records)))


async def _all(dns: Dns, records: list[Wanted]) -> list[Found]:
    server = f"[{dns.address}]:{dns.port}" if ":" in dns.address else f"{dns.address}:{dns.port}"
    flags = pycares.ARES_FLAG_EDNS | pycares.ARES_FLAG_NOSEARCH | pycares.ARES_FLAG_NOALIASES
    resolver = aiodns.DNSResolver([server], timeout=SECONDS / 2, tries=2, flags=flags, lookups="b")
    try:
        return await asyncio.gather(*(_one(resolver, record) for record in records))
    finally:
        await resolver.close()


async def _one(resolver: aiodns.DNSResolver, record: Wanted) -> Found:
    try:
        async with asyncio.timeout(SECONDS):
            result = await resolver.query_dns(record.name, record.kind)
    except aiodns.error.DNSError as error:
        return () if error.args[0] in _NOTHING else None
    except TimeoutError:
        return None
    wanted = aiodns.query_type_map[record.kind]
    shown = [_shown(record.kind, answer.data) for answer in result.answer if answer.type == wanted]
    return tuple(sorted(shown)[:MOST_SHOWN])


def _shown(kind: Kind, data: Any) -> str:
    """A record as people write it in their zones, names in lower case without the last dot."""
    if kind == "MX":
        return f"{data.priority} {_plain(data.exchange)}"
    if kind == "SRV":
        return f"{data.priority} {data.weight} {data.port} {_plain(data.target)}"
    if kind == "CNAME":
        return _plain(data.cname)
    return str(data.data.decode("latin-1"))


def _plain(name: str) -> str:
    return name.lower().removesuffix(".")
