"""Compare a password with what is stored of it, whatever made that."""

from __future__ import annotations

from mailcenter.passwords import argon2id, imported


def password_matches(password: str, stored: str) -> bool:
    """Whether this is the password. What is stored of an account without one matches nothing."""
    if stored.startswith(f"{argon2id.START}$argon2id$"):
        return argon2id.argon2id_matches(password, stored)
    return imported.imported_matches(password, stored)
