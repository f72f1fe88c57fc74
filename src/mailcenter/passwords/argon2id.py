"""The one hash that the platform makes: Argon2id (RFC 9106), stored as Django does, `argon2$argon2id$v=19$…`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from argon2 import extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret, verify_secret

START = "argon2"
"""Before the hash in PHC form, which begins with `$argon2id$`."""
_SALT_BYTES = 16
_HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class Cost:
    """Passes over the memory, and KiB of memory; always one lane."""

    passes: int
    memory: int


def hash_password(password: str, cost: Cost) -> str:
    """The stored form of a password. Takes milliseconds to hundreds of them; releases Python's lock."""
    hashed = hash_secret(
        password.encode(), secrets.token_bytes(_SALT_BYTES), cost.passes, cost.memory, 1, _HASH_BYTES, Type.ID
    )
    return START + hashed.decode("ascii")


def argon2id_matches(password: str, stored: str) -> bool:
    """Whether this is the password of a stored hash, of whatever cost."""
    try:
        return verify_secret(stored.removeprefix(START).encode("ascii"), password.encode(), Type.ID)
    except (VerificationError, InvalidHashError):
        return False


def is_current(stored: str, cost: Cost) -> bool:
    """Whether a stored hash is of the kind and cost that are made now."""
    try:
        found = extract_parameters(stored.removeprefix(START))
    except (InvalidHashError, ValueError):
        return False
    return found.type == Type.ID and (found.time_cost, found.memory_cost) == (cost.passes, cost.memory)
