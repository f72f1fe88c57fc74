"""Ask our own resolver for the records of a domain, all at once."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from dns.name import Name
from dns.rdata import Rdata
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.CNAME import CNAME
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TXT import TXT
from dns.rdtypes.IN.SRV import SRV

from mailcenter.center.discovery.records import Found, Wanted
from mailcenter.serve.dns import records
from mailcenter.settings.model import Dns

MOST_SHOWN: Final = 20
"""Records of one name; more are not looked at."""


def look_up(dns: Dns, wanted: Iterable[Wanted]) -> list[Found]:
    """What is there of each, in their order; None where there was no answer in time."""
    asked = list(wanted)
    with ThreadPoolExecutor(max(len(asked), 1), thread_name_prefix="dns") as pool:
        return list(pool.map(lambda record: _look_up(dns, record), asked))


def _look_up(dns: Dns, wanted: Wanted) -> Found:
    found = records(dns, wanted.name, RdataType[wanted.kind])
    return None if found is None else tuple(sorted(map(_shown, found))[:MOST_SHOWN])


def _shown(data: Rdata) -> str:
    """A record as people write it in their zones, names in lower case without the last dot."""
    match data:
        case MX():
            return f"{data.preference} {_plain(data.exchange)}"
        case SRV():
            return f"{data.priority} {data.weight} {data.port} {_plain(data.target)}"
        case CNAME():
            return _plain(data.target)
        case TXT():
            return b"".join(data.strings).decode("latin-1")
    return data.to_text()


def _plain(name: Name) -> str:
    return name.to_text(omit_final_dot=True).lower()
