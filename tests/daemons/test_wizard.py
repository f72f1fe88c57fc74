"""A wizard that has to guess: every form of the user name, at every service, with the right password."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from mailcenter.serve.guard.app import WHOLE_ADDRESS
from tests.daemons.test_guard import imap, lockouts, pop3, submission
from tests.harness.clients import Account, new_mailbox, unique
from tests.harness.platform import Platform

DOMAIN = "demo.example"


@pytest.fixture(scope="module")
def newcomer(platform: Platform) -> Iterator[Account]:
    who = new_mailbox(platform, f"{unique('newcomer').replace(' ', '-')}@{DOMAIN}")
    yield who
    platform.mailcenter("mailbox", "remove", who.login)


@pytest.fixture
def client() -> str:
    """A client address that no other test uses."""
    return f"127.{10 + secrets.randbelow(200)}.{secrets.randbelow(256)}.{1 + secrets.randbelow(250)}"


def test_twelve_guesses_with_the_right_password_lock_nobody_out(
    platform: Platform, newcomer: Account, client: str
) -> None:
    name = newcomer.login.partition("@")[0]
    forms = (name, f"{DOMAIN}\\{name}", name.upper(), f"{name}%{DOMAIN}")
    for form in forms:
        guess = Account(form, newcomer.password)
        said = imap(platform, client, form.replace("\\", "\\\\"), newcomer.password)
        assert said.startswith("a NO ")
        assert WHOLE_ADDRESS in said
        assert WHOLE_ADDRESS in pop3(platform, client, guess)
        assert submission(platform, client, guess) == 535
    assert lockouts(platform, client) == []
    assert imap(platform, client, newcomer.login, newcomer.password).startswith("a OK ")
    assert pop3(platform, client, newcomer).startswith("+OK")
    assert submission(platform, client, newcomer) == 235


def test_the_answer_is_the_same_for_a_name_that_nobody_has(platform: Platform, newcomer: Account, client: str) -> None:
    known = imap(platform, client, newcomer.login.partition("@")[0], newcomer.password)
    assert imap(platform, client, "nobody-at-all", "guess") == known


def test_a_mistyped_password_corrected_later(platform: Platform, newcomer: Account, client: str) -> None:
    name = newcomer.login.partition("@")[0]
    for password in (newcomer.password[:-1], newcomer.password):
        for form in (name, f"{DOMAIN}\\\\{name}", newcomer.login, newcomer.login.upper()):
            imap(platform, client, form, password)
    assert lockouts(platform, client) == []
    assert imap(platform, client, newcomer.login, newcomer.password).startswith("a OK ")
