"""Strength: what people choose, what is known of the owner, and long texts are judged for what they are."""

from __future__ import annotations

import pytest

from mailcenter.passwords.strength import judge, words_in

OWNER = ("max.mustermann@gartenbau-huber.example", "Max Mustermann", "Gartenbau Huber GmbH")
WANTED = 3


@pytest.mark.parametrize(
    "password",
    [
        "passwort123",
        "Hallo12345",
        "Sommer2024!",
        "qwertzuiop",
        "mustermann1985",
        "max.mustermann",
        "GartenbauHuber1",
        "gartenbau-huber",
        "aaaaaaaaaaaaaaaa",
        "1234567890",
        "Passw0rt!!",
    ],
)
def test_what_is_guessed_soon_is_weak(password: str) -> None:
    assert judge(password, OWNER).score < WANTED


@pytest.mark.parametrize(
    "password", ["walrus-umbrella-42", "Zaun grün Regal Lampe", "x7Kq-9Vbt-2Lmw", "correct horse battery"]
)
def test_what_is_hard_to_guess_is_strong(password: str) -> None:
    assert judge(password, OWNER).score >= WANTED


def test_words_of_the_owner_are_found_in_all_he_is_called() -> None:
    found = words_in(OWNER)
    assert {"max", "mustermann", "gartenbau", "huber", "gmbh", "max mustermann"} <= set(found)
    assert len(words_in([" ".join(f"word{number}" for number in range(500))])) <= 60


def test_a_long_password_is_judged_in_time_by_its_beginning() -> None:
    assert judge("passwort" * 40).score < WANTED
    assert judge("Zaun grün Regal Lampe " + "a" * 230).score >= WANTED
