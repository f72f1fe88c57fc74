"""Does a name lead to this platform? Asked of our own resolver, before an authority is bothered."""

from __future__ import annotations

import time
from collections.abc import Callable
from ipaddress import ip_address
from typing import Final

from dns.rdatatype import RdataType

from mailcenter.certificates.state import Problem
from mailcenter.serve.certificates.source import NotObtainedError
from mailcenter.serve.dns import records
from mailcenter.settings.model import Settings

_REMEMBERED: Final = 10.0
"""Seconds for which our own addresses are remembered: about a round of the daemon, so that it asks for them once."""
_MOST_NAMED: Final = 4


class Leads:
    """To the addresses of `host_name`, or to those that we listen on."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._dns = settings.dns
        self._host = settings.host_name
        listened = (ip_address(address) for address in settings.listen.addresses)
        self._listened = {str(address) for address in listened if not address.is_unspecified}
        self._clock = clock
        self._ours: set[str] = set()
        self._until = clock()

    def fault(self, name: str) -> str:
        """Why the name does not lead here, in one line; "" where it does.

        Raises:
            NotObtainedError: we do not know our own addresses.
        """
        ours = self._own()
        if not ours:
            raise NotObtainedError(Problem.OURS, f"{self._host} has no address in the DNS")
        return judge(self._addresses(name), ours)

    def _own(self) -> set[str]:
        """Empty where there was no answer, which is remembered as well."""
        if self._clock() >= self._until:
            found = self._addresses(self._host)
            self._ours = set() if found is None else found | self._listened
            self._until = self._clock() + _REMEMBERED
        return self._ours

    def _addresses(self, name: str) -> set[str] | None:
        found: set[str] = set()
        for kind in (RdataType.A, RdataType.AAAA):
            answer = records(self._dns, name, kind)
            if answer is None:
                return None
            found |= {str(ip_address(record.to_text())) for record in answer}
        return found


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
