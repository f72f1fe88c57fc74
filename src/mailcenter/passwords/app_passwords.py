"""App passwords: made by us for one device each, told once, known again by their digest.

125 random bits cannot be guessed, so a fast hash without salt is enough; 25 signs in groups of five can be typed.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

SERVICES: Final = ("imap", "pop3", "submission", "sieve")
BY_PROTOCOL: Final = {
    "imap": "imap",
    "pop3": "pop3",
    "smtp": "submission",
    "submission": "submission",
    "sieve": "sieve",
}
"""Dovecot's name of a protocol to ours."""
_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 signs, none that looks like another
_SIGNS: Final = 25
_GROUP: Final = 5


def generate_app_password() -> str:
    """A new one, in groups."""
    signs = "".join(secrets.choice(_ALPHABET) for _sign in range(_SIGNS))
    return "-".join(signs[start : start + _GROUP] for start in range(0, _SIGNS, _GROUP))


def app_password_digest(text: str) -> str | None:
    """What is kept of an app password, however it was typed; None where the text cannot be one."""
    signs = text.replace("-", "").replace(" ", "").lower()
    if len(signs) != _SIGNS or not set(signs).issubset(_ALPHABET):
        return None
    return hashlib.sha256(signs.encode("ascii")).hexdigest()
