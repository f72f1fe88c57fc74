"""The center's own logins before the guard: asked before the password is looked at, told afterwards."""

from __future__ import annotations

import hashlib
import hmac
import logging
from dataclasses import dataclass

from django.conf import settings

from mailcenter.actions.guard_client import GuardError, ask_guard

_GUESS_DIGITS = 8
"""Hexadecimal digits of a password's digest: enough to tell guesses apart, too few to find the password."""

log = logging.getLogger("center")


@dataclass(frozen=True)
class GuardedLogin:
    """One attempt at the center. Where the guard does not answer, logins go on: its health says so."""

    login: str
    address: str
    guess: str

    def seconds_locked(self) -> int:
        """For how long this network, or this account for it, is still locked; 0: look at the password."""
        try:
            answer = ask_guard("POST", "/before", self._said())
        except GuardError as error:
            log.error("a login is not guarded: %s", error)
            return 0
        return int(answer["seconds"]) if answer["action"] == "refuse" else 0

    def report(self, *, success: bool) -> None:
        """Tell how it ended."""
        try:
            ask_guard("POST", "/report", {**self._said(), "success": success})
        except GuardError as error:
            log.error("a login is not counted: %s", error)

    def _said(self) -> dict[str, str]:
        return {"service": "web", "address": self.address, "login": self.login, "guess": self.guess}


def guarded(login: str, password: str, address: str) -> GuardedLogin:
    """The attempt; the password itself never leaves."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"{login.lower()}\0{password}".encode(), hashlib.sha256)
    return GuardedLogin(login.lower(), address, digest.hexdigest()[:_GUESS_DIGITS])
