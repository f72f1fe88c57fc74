"""The check against robots: by work, by head, and what does not get through."""

from __future__ import annotations

import hashlib
import time
from itertools import count

import pytest

from mailcenter.center.web.robots import ZERO_BITS, Solution, challenge_for, is_valid, numbers, objection

SUBJECT = "0123456789abc"
LATER = 60.0


def _solution(challenge: str, *, proof: str = "", total: str = "", trap: str = "") -> Solution:
    return Solution(challenge, proof, total, trap)


def _work(challenge: str) -> str:
    for number in count():
        digest = hashlib.sha256(f"{challenge}:{number}".encode()).digest()
        if int.from_bytes(digest[:4], "big") >> (32 - ZERO_BITS) == 0:
            return str(number)
    raise AssertionError


def test_work_is_taken() -> None:
    challenge = challenge_for(SUBJECT)
    assert objection(_solution(challenge, proof=_work(challenge)), SUBJECT, now=time.time() + LATER) == ""


def test_the_sum_is_taken() -> None:
    challenge = challenge_for(SUBJECT)
    total = f" {sum(numbers(challenge))} "
    assert objection(_solution(challenge, total=total), SUBJECT, now=time.time() + LATER) == ""


@pytest.mark.parametrize("proof", ["0", "-1", "x", "9" * 13, "²", "1 OR 1"])
def test_wrong_work(proof: str) -> None:
    assert objection(_solution(challenge_for(SUBJECT), proof=proof), SUBJECT, now=time.time() + LATER)


@pytest.mark.parametrize("total", ["", "1", "1000000000000", "x"])
def test_a_wrong_sum(total: str) -> None:
    assert objection(_solution(challenge_for(SUBJECT), total=total), SUBJECT, now=time.time() + LATER)


def test_too_quick() -> None:
    challenge = challenge_for(SUBJECT)
    assert objection(_solution(challenge, total=str(sum(numbers(challenge)))), SUBJECT)


def test_too_late() -> None:
    challenge = challenge_for(SUBJECT)
    solution = _solution(challenge, total=str(sum(numbers(challenge))))
    assert objection(solution, SUBJECT, now=time.time() + 3 * 3600)


def test_for_another_mail() -> None:
    challenge = challenge_for(SUBJECT)
    solution = _solution(challenge, total=str(sum(numbers(challenge))))
    assert objection(solution, "zzzzzzzzzzzzz", now=time.time() + LATER)
    assert is_valid(challenge, SUBJECT)
    assert not is_valid(challenge, "zzzzzzzzzzzzz")


@pytest.mark.parametrize("challenge", ["", "x", "a:b:c", "x" * 5000, "é"])
def test_a_forged_challenge(challenge: str) -> None:
    assert not is_valid(challenge, SUBJECT)
    solution = _solution(challenge, total=str(sum(numbers(challenge))))
    assert objection(solution, SUBJECT, now=time.time() + LATER)


def test_who_fills_in_the_hidden_field_is_none() -> None:
    challenge = challenge_for(SUBJECT)
    solution = _solution(challenge, total=str(sum(numbers(challenge))), trap="https://spam.example")
    assert objection(solution, SUBJECT, now=time.time() + LATER)
