"""Codes of authenticator apps: TOTP (RFC 6238) with SHA-1, six digits and steps of 30 seconds, as every app knows."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Final

import pyotp

SECONDS: Final = 30
DIGITS: Final = 6
_STEPS_OFF: Final = (0, -1, 1)
"""The clock of a telephone may be half a minute off (RFC 6238, 5.2)."""


def new_secret() -> str:
    """160 random bits in base 32, as RFC 4226 recommends."""
    return pyotp.random_base32()


def matching_step(secret: str, code: str, now: datetime, *, after: int = 0) -> int | None:
    """The time step that this code is of, None where it is of none near now. Steps up to `after` were used already."""
    code = "".join(code.split())
    if len(code) != DIGITS or not code.isascii() or not code.isdigit():
        return None
    present = int(now.timestamp()) // SECONDS
    generator = pyotp.HOTP(secret, digits=DIGITS)
    for off in _STEPS_OFF:
        step = present + off
        if hmac.compare_digest(generator.at(step), code):
            return step if step > after else None
    return None


def uri(secret: str, login: str, issuer: str) -> str:
    """What the QR code holds (Key URI format)."""
    return pyotp.TOTP(secret, digits=DIGITS).provisioning_uri(name=login, issuer_name=issuer)
