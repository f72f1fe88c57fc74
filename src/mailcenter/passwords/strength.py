"""How hard a password is to guess: by zxcvbn, against what is known of its owner and what many people choose."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from zxcvbn import zxcvbn

STRONGEST = 4
"""zxcvbn's score from 0 (guessed at once) to 4 (more than 10^10 guesses)."""
_LOOKED_AT = 72
"""Characters; more are not looked at, as that takes time, and so many are not weak unless they are alike."""
_SHORTEST_WORD = 3
_MOST_WORDS = 60


@dataclass(frozen=True, slots=True)
class Strength:
    """`warning` says what is wrong and `suggestions` what helps, in zxcvbn's English."""

    score: int
    warning: str = ""
    suggestions: tuple[str, ...] = ()


def judge(password: str, about_owner: Iterable[str] = ()) -> Strength:
    """How strong this password is for this owner: his address, name, organisation, domain."""
    words = (*words_in(about_owner), *_common())
    found = zxcvbn(password[:_LOOKED_AT], user_inputs=list(words))
    feedback = found["feedback"]
    return Strength(int(found["score"]), str(feedback["warning"]), tuple(feedback["suggestions"]))


def words_in(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts, their words, and neighbours joined, each once, in lower case: `muster`, `maxmuster` for Max Muster."""
    found: dict[str, None] = {}
    for text in texts:
        words = re.split(r"[\W_]+", text)
        joined = (first + second for first, second in pairwise(words))
        for word in (text, *re.split(r"[@.\s]+", text), *words, *joined):
            if len(word) >= _SHORTEST_WORD:
                found[word.lower()] = None
    return tuple(found)[:_MOST_WORDS]


@cache
def _common() -> tuple[str, ...]:
    """What German speakers choose, which zxcvbn's own lists, of English texts and leaks, hardly know."""
    return tuple((Path(__file__).parent / "common.txt").read_text("utf-8").split())
