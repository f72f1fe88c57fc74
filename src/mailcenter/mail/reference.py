"""The reference of an SMTP transaction: short, sortable by time, printed in replies and read out over the telephone.

13 characters of Crockford's base 32 in lower case: 41 bits milliseconds since 2020-01-01 UTC, then 24 random bits.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH: Final = 13
TIME_BITS: Final = 41
RANDOM_BITS: Final = 24
EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)

_SHIFTS: Final = range(5 * (LENGTH - 1), -1, -5)
_MILLISECOND: Final = timedelta(milliseconds=1)
_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)} | {"i": 1, "l": 1, "o": 0}


def reference_at(moment: datetime, entropy: int) -> str:
    """The reference of a transaction that began at `moment`; `entropy` holds 24 random bits.

    Raises:
        ValueError: the moment lies outside 2020..2089, or entropy is out of range.
    """
    milliseconds = (moment - EPOCH) // _MILLISECOND
    if not 0 <= milliseconds < 1 << TIME_BITS:
        raise ValueError(f"no reference can be made for {moment.isoformat()}")
    if not 0 <= entropy < 1 << RANDOM_BITS:
        raise ValueError("entropy must hold 24 bits")
    number = milliseconds << RANDOM_BITS | entropy
    return "".join([ALPHABET[number >> shift & 31] for shift in _SHIFTS])


def moment_of(reference: str) -> datetime:
    """When the transaction began, to the millisecond (UTC).

    Raises:
        ValueError: not a reference.
    """
    normal = normalise_reference(reference)
    if normal is None:
        raise ValueError(f"not a reference: {reference!r}")
    number = 0
    for character in normal:
        number = number << 5 | _VALUES[character]
    return EPOCH + (number >> RANDOM_BITS) * _MILLISECOND


def normalise_reference(text: str) -> str | None:
    """What a person typed, in its one form: case, blanks, hyphens, brackets do not matter, nor i and l for 1, o for 0.

    None where it cannot be a reference.
    """
    folded = text.strip().strip("[]").replace("-", "").replace(" ", "").lower()
    if len(folded) != LENGTH or any(character not in _VALUES for character in folded):
        return None
    return "".join(ALPHABET[_VALUES[character]] for character in folded)
