"""What is done about an attempt, as tables of cases."""

from __future__ import annotations

import pytest

from mailcenter.guard.figures import Figures
from mailcenter.guard.judge import ALLOW, SLOW_SECONDS, Answer, Failure, Standing, after, before

FIGURES = Figures(guesses=10, lockout=600, longest_lockout=86400, patience=3, account_guesses=50, account_window=3600)

BEFORE = [
    (Standing(), ALLOW),
    (Standing(locked_for=1.6), Answer("refuse", 2, "network")),
    (Standing(locked_for=599.4, known=True), Answer("refuse", 599, "network")),
    (Standing(account_guesses=49), ALLOW),
    (Standing(account_guesses=50), Answer("wait", SLOW_SECONDS, "account")),
    (Standing(account_guesses=199), Answer("wait", SLOW_SECONDS, "account")),
    (Standing(account_guesses=200), Answer("refuse", 3600, "account")),
    (Standing(account_guesses=10_000, known=True), ALLOW),
]
AFTER = [
    (Failure(1), 0),
    (Failure(9), 0),
    (Failure(10), 600),
    (Failure(11), 600),
    (Failure(10, known=True), 0),
    (Failure(30, known=True), 600),
    (Failure(10, offences=1), 1200),
    (Failure(10, offences=4), 9600),
    (Failure(10, offences=8), 86400),
    (Failure(10, offences=10**9), 86400),
    (Failure(1000, stale=True), 0),
]


@pytest.mark.parametrize(("standing", "answer"), BEFORE)
def test_before(standing: Standing, answer: Answer) -> None:
    assert before(standing, FIGURES) == answer


@pytest.mark.parametrize(("failure", "seconds"), AFTER)
def test_after(failure: Failure, seconds: float) -> None:
    assert after(failure, FIGURES) == seconds
