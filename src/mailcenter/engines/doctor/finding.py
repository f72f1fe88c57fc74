"""What a check of the doctor finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mailcenter.settings.model import Settings


@dataclass(frozen=True)
class Finding:
    """`problem` names what is wrong, `remedy` what to do about it; each one line for people."""

    problem: str
    remedy: str


Question = Callable[[Settings], list[Finding]]
"""A check: gives what is wrong, nothing when all is well; never raises for what it is there to find."""
