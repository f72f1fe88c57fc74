"""Argon2id as the platform makes it: Django and the logins daemon read each other's hashes, and see an old cost."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password, make_password

from mailcenter.passwords.argon2id import Cost, hash_password, is_current
from mailcenter.passwords.verify import password_matches

COST = Cost(passes=2, memory=19456)


def test_django_and_the_daemon_agree() -> None:
    assert check_password("correct horse", hash_password("correct horse", COST))
    assert password_matches("correct horse", make_password("correct horse"))
    assert not password_matches("correct house", make_password("correct horse"))


def test_a_hash_of_another_cost_or_kind_is_not_current() -> None:
    stored = hash_password("correct horse", COST)
    assert is_current(stored, COST)
    assert not is_current(stored, Cost(passes=3, memory=19456))
    assert not is_current(stored, Cost(passes=2, memory=32768))
    assert not is_current(stored.replace("argon2id", "argon2i"), COST)
    assert not is_current("imported$crypt$$1$x", COST)
    assert not is_current("!", COST)


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password("correct horse", COST) != hash_password("correct horse", COST)
