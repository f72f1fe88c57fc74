"""The records of a name, asked of our own resolver by dnspython: for what is off the hot path."""

from __future__ import annotations

from typing import Final

from dns.exception import DNSException
from dns.name import EmptyLabel, LabelTooLong, NameTooLong, from_text
from dns.rdata import Rdata
from dns.rdatatype import RdataType
from dns.resolver import NXDOMAIN, Resolver

from mailcenter.settings.model import Dns

SECONDS: Final = 5.0
"""For one question, which is sent once more after half of that."""
_PAYLOAD: Final = 1232
"""Bytes of an answer over UDP (DNS flag day 2020); longer ones come over TCP."""


def records(resolver: Dns, name: str, kind: RdataType) -> list[Rdata] | None:
    """What stands under a name or the name that it is an alias of: [] where nothing does; None: no answer in time.

    A name that no zone can hold has nothing.
    """
    asking = Resolver(configure=False)
    asking.nameservers, asking.port = [resolver.address], resolver.port
    asking.timeout, asking.lifetime = SECONDS / 2, SECONDS
    asking.use_edns(0, 0, _PAYLOAD)
    try:
        answer = asking.resolve(from_text(name), kind, raise_on_no_answer=False)
    except (NXDOMAIN, EmptyLabel, LabelTooLong, NameTooLong):
        return []
    except DNSException:
        return None
    return list(answer.rrset or ())
