"""Asks the resolver about names that no host can have, as macros of SPF make them; c-ares refuses to."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Final, Literal

import dns.message
from dns.name import Name
from dns.rcode import NOERROR, NXDOMAIN
from dns.rdata import Rdata
from dns.rdatatype import RdataType
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.PTR import PTR
from dns.rdtypes.ANY.TXT import TXT
from dns.rdtypes.IN.A import A
from dns.rdtypes.IN.AAAA import AAAA

from mailcenter.serve.gate.dns_exchange import NoAnswerError, exchange
from mailcenter.serve.gate.ports import UnavailableError

Kind = Literal["txt", "a", "aaaa", "mx", "ptr"]

HOST_NAME: Final = re.compile(r"[A-Za-z0-9._/*-]+\Z")
"""What c-ares asks about by itself."""


@dataclass(frozen=True, slots=True)
class OddNames:
    """`timeout`: seconds for one question, which is put once. Nothing is remembered: hardly anybody has such names."""

    address: str
    port: int
    timeout: float

    async def ask(self, name: str, kind: Kind) -> tuple[str, ...]:
        """The records, in the form of `spf.dns.Answer`. `name`: printable ASCII.

        Raises:
            UnavailableError: no answer, or none that can be read.
        """
        try:
            question = dns.message.make_query(_wire_name(name), kind)
            async with asyncio.timeout(self.timeout):
                answer = await exchange(self.address, self.port, question)
        except TimeoutError:
            raise UnavailableError("dns", f"{name} {kind}: no answer in {self.timeout:g} s") from None
        except NoAnswerError as error:
            raise UnavailableError("dns", f"{name} {kind}: {error}") from None
        if answer.rcode() not in (NOERROR, NXDOMAIN):
            raise UnavailableError("dns", f"{name} {kind}: the server says {answer.rcode().name}")
        return _texts([one for records in answer.answer for one in records], RdataType[kind.upper()])


def _texts(records: list[Rdata], wanted: RdataType) -> tuple[str, ...]:
    found = [record for record in records if record.rdtype == wanted]
    hosts = [record for record in found if isinstance(record, MX)]
    if hosts:
        return tuple(_plain(host.exchange) for host in sorted(hosts, key=lambda host: host.preference))
    return tuple(map(_text, found))


def _text(record: Rdata) -> str:
    match record:
        case A() | AAAA():
            return str(record.address)
        case PTR():
            return _plain(record.target)
        case TXT():
            return b"".join(record.strings).decode("latin-1")
    raise AssertionError(record)  # only what was asked for comes here


def _wire_name(name: str) -> Name:
    """Label by label: what is a backslash in a zone file is none in a macro."""
    return Name([label.encode("ascii") for label in name.split(".")] + [b""])


def _plain(name: Name) -> str:
    return b".".join(name.labels).decode("latin-1").lower().removesuffix(".")
