"""Keeps robots from the public form without asking anybody else: a signed challenge, solved by work or by a person.

A browser with JavaScript searches a number whose hash with the challenge begins with zeros (about a second); without, a
person adds two numbers and takes a little longer. A field that people do not see, and a least time, catch the rest.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Final

from django.core import signing
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

SALT: Final = "mailcenter.report"
ZERO_BITS: Final = 15
LONGEST: Final = 300
"""Characters of a challenge; a proof is a number of few digits."""
_VALID_SECONDS: Final = 2 * 3600
_LEAST_SECONDS: Final = 3
_LEAST_SECONDS_BY_HEAD: Final = 10
_LONGEST_PROOF: Final = 12


@dataclass(frozen=True)
class Solution:
    """What the form brought back; all of it may be anything."""

    challenge: str
    proof: str
    total: str
    trap: str


def challenge_for(subject: str) -> str:
    """A new challenge, good for this subject only."""
    return signing.dumps([subject, secrets.token_urlsafe(9), int(time.time())], salt=SALT)


def numbers(challenge: str) -> tuple[int, int]:
    """What the person adds; only who has our key can tell it from the challenge."""
    digest = salted_hmac(SALT, challenge, algorithm="sha256").digest()
    return 2 + digest[0] % 8, 11 + digest[1] % 9


def objection(solution: Solution, subject: str, *, now: float | None = None) -> str:
    """Why the form is not taken, in the reader's language; empty where it is."""
    if solution.trap:
        return _("Please leave the last field empty.")
    age = _age(solution.challenge, subject, time.time() if now is None else now)
    if age is None or age > _VALID_SECONDS:
        return _("The page was open for too long. Please send it once more.")
    if solution.proof:
        solved, least = _is_proof(solution.challenge, solution.proof), _LEAST_SECONDS
    else:
        solved, least = _is_sum(solution.challenge, solution.total), _LEAST_SECONDS_BY_HEAD
    if not solved:
        return _("Please add the two numbers; the sum was not right.")
    if age < least:
        return _("That was very quick. Please wait a few seconds and send it once more.")
    return ""


def is_valid(challenge: str, subject: str) -> bool:
    """Whether it can be used again for the next try."""
    age = _age(challenge, subject, time.time())
    return age is not None and age < _VALID_SECONDS / 2


def _age(challenge: str, subject: str, now: float) -> float | None:
    try:
        meant, _nonce, made_at = signing.loads(challenge[:LONGEST], salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return now - made_at if meant == subject else None


def _is_proof(challenge: str, proof: str) -> bool:
    if len(proof) > _LONGEST_PROOF or not (proof.isascii() and proof.isdigit()):
        return False
    digest = hashlib.sha256(f"{challenge}:{proof}".encode()).digest()
    return int.from_bytes(digest, "big") >> (len(digest) * 8 - ZERO_BITS) == 0


def _is_sum(challenge: str, total: str) -> bool:
    return total.strip()[:_LONGEST_PROOF] == str(sum(numbers(challenge)))
