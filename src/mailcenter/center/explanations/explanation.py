"""What a reply means to those who get it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Explanation:
    """For the public: neither our settings nor what other addresses there are. `hints` are keys of `hints.HINTS`."""

    title: Promise | str
    cause: Promise | str
    remedy: Promise | str
    hints: tuple[str, ...] = ()
