"""What is done about an attempt, as tables of cases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailcenter.guard.figures import Figures
from mailcenter.guard.judge import ALLOW, MOST_COUNTED, SLOW_SECONDS, Answer, Failure, Lockout, Standing, after, before

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
    (Failure(1), None),
    (Failure(9), None),
    (Failure(10), Lockout(600, 10, 600)),
    (Failure(11), Lockout(600, 11, 600)),
    (Failure(10, known=True), None),
    (Failure(30, known=True), Lockout(600, 30, 600)),
    (Failure(10, offences=1), Lockout(1200, 10, 600)),
    (Failure(10, offences=4), Lockout(9600, 10, 600)),
    (Failure(10, offences=8), Lockout(86400, 10, 600)),
    (Failure(10, offences=10**9), Lockout(86400, 10, 600)),
    (Failure(1000, stale=True), None),
    (Failure(1, slow=29), None),
    (Failure(1, slow=30), Lockout(600, 30, 86400)),
    (Failure(1, slow=31, offences=1), Lockout(1200, 31, 86400)),
    (Failure(1, slow=89, known=True), None),
    (Failure(1, slow=90, known=True), Lockout(600, 90, 86400)),
    (Failure(1, slow=1000, stale=True), None),
    (Failure(10, slow=30), Lockout(600, 10, 600)),
]


@pytest.mark.parametrize(("standing", "answer"), BEFORE)
def test_before(standing: Standing, answer: Answer) -> None:
    assert before(standing, FIGURES) == answer


@pytest.mark.parametrize(("failure", "lockout"), AFTER)
def test_after(failure: Failure, lockout: Lockout | None) -> None:
    assert after(failure, FIGURES) == lockout


def test_no_patience_is_without_end() -> None:
    """What is kept is bounded, so more can never be counted."""
    patient = replace(FIGURES, guesses=1000, slow_guesses=300, patience=100)
    assert after(Failure(MOST_COUNTED, known=True), patient) is not None
    assert after(Failure(1, known=True, slow=MOST_COUNTED), patient) is not None
    assert after(Failure(MOST_COUNTED - 1, known=True, slow=MOST_COUNTED - 1), patient) is None
