"""App passwords: long, typed in any way, and never mistaken for people's own."""

from __future__ import annotations

from mailcenter.passwords.app_passwords import app_password_digest, generate_app_password


def test_new_ones_are_long_and_differ() -> None:
    made = {generate_app_password() for _ in range(100)}
    assert len(made) == 100
    assert all(len(each) == 29 and each.count("-") == 4 for each in made)


def test_it_is_known_however_it_is_typed() -> None:
    made = generate_app_password()
    digest = app_password_digest(made)
    assert digest
    assert made not in digest
    for typed in (made.replace("-", ""), made.replace("-", " "), made.upper(), f" {made} "):
        assert app_password_digest(typed) == digest
    assert app_password_digest(generate_app_password()) != digest


def test_what_cannot_be_one_has_no_digest() -> None:
    made = generate_app_password()
    for text in ("", "walrus-umbrella-42", made[:-1], made + "a", made[:-1] + "0", made[:-1] + "ä"):
        assert app_password_digest(text) is None
