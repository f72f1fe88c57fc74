"""The place of one session among those of its account."""

from __future__ import annotations

import secrets

from mailcenter.policy import replies
from mailcenter.policy.rule import Decision
from mailcenter.serve.gate.ports import Seats


class Seat:
    """Taken with the first mail of a login, and kept until it is given up."""

    def __init__(self, seats: Seats) -> None:
        self._seats = seats
        self._name = ""
        self._login = ""

    async def objection(self, login: str) -> Decision | None:
        """That the account has too many sessions without this one; none where nobody is logged in."""
        if not login:
            return None
        self._name = self._name or secrets.token_hex(8)
        if not await self._seats.take(login, self._name):
            return Decision("too-many-sessions", replies.TOO_MANY_SESSIONS.fill(login=login, most=self._seats.most))
        self._login = login
        return None

    def give_up(self) -> None:
        """At the end of the session, whether it has a place or not."""
        if self._login:
            self._seats.give_up(self._login, self._name)
            self._login = ""
