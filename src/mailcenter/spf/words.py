"""The closed sets of words of RFC 7208, as they stand in records and in Authentication-Results."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Result(StrEnum):
    """What `check_host()` can say (section 2.6)."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"  # noqa: S105 - the word of the standard, no password
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


QUALIFIERS: Final[dict[str, Result]] = {
    "": Result.PASS,
    "+": Result.PASS,
    "-": Result.FAIL,
    "~": Result.SOFTFAIL,
    "?": Result.NEUTRAL,
}
"""What a mechanism that matches makes of its qualifier (section 4.6.2)."""
