"""The client's validated names: those of its address that lead back to it (RFC 7208 section 5.5)."""

from __future__ import annotations

from mailcenter.spf.dns import Answer, Question, Steps
from mailcenter.spf.errors import TempError
from mailcenter.spf.limits import MOST_NAMES
from mailcenter.spf.names import is_askable, is_at_or_below
from mailcenter.spf.network import Address, are_near

UNKNOWN = "unknown"
"""What `%{p}` is where no name is validated."""


class ClientNames:
    """Asked about only when a record needs them, and once. A DNS that fails is no name."""

    def __init__(self, client: Address) -> None:
        self._client = client
        self._names: Answer | None = None
        self._leads_back: dict[str, bool] = {}

    def asked(self) -> Steps[Answer]:
        """The names of the address, the first ten; not validated."""
        if self._names is None:
            try:
                self._names = yield Question("ptr", str(self._client))
            except TempError:
                self._names = ()
        return self._names[:MOST_NAMES]

    def has_one_below(self, domain: str) -> Steps[bool]:
        """Whether a validated name is the domain or below it."""
        for name in (yield from self.asked()):
            if is_at_or_below(name, domain) and (yield from self._is_validated(name)):
                return True
        return False

    def best_for(self, domain: str) -> Steps[str]:
        """The name for `%{p}`: the domain itself before one below it before any other (section 7.3)."""
        names = yield from self.asked()
        for name in sorted(names, key=lambda one: (one.lower() != domain.lower(), not is_at_or_below(one, domain))):
            if (yield from self._is_validated(name)):
                return name
        return UNKNOWN

    def _is_validated(self, name: str) -> Steps[bool]:
        if name not in self._leads_back:
            found: Answer = ()
            if is_askable(name):
                try:
                    found = yield Question("a" if self._client.version == 4 else "aaaa", name)
                except TempError:
                    found = ()
            self._leads_back[name] = any(are_near(self._client, one, self._client.max_prefixlen) for one in found)
        return self._leads_back[name]
