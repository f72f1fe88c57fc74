"""What this session has proved: when its owner last showed the password, and whether by two steps."""

from __future__ import annotations

import time
from typing import Final

from django.http import HttpRequest

RECENT_SECONDS: Final = 15 * 60
"""So long after a sign-in, or after the password was given once more, it is not asked for again."""
_PROVED_AT, _TWO_STEPS = "proved_at", "two_steps"


def note_proof(request: HttpRequest) -> None:
    """The password was right just now."""
    request.session[_PROVED_AT] = int(time.time())


def note_two_steps(request: HttpRequest) -> None:
    """A second factor was proved, or set up, in this session."""
    request.session[_TWO_STEPS] = True


def proved_lately(request: HttpRequest) -> bool:
    """Whether an open screen may still be taken for its owner's, where second factors are changed."""
    proved_at: int = request.session.get(_PROVED_AT, 0)
    return 0 <= time.time() - proved_at < RECENT_SECONDS


def has_two_steps(request: HttpRequest) -> bool:
    """Whether a second factor was proved or set up in this session."""
    return bool(request.session.get(_TWO_STEPS))
