"""Guesses at second factors before the real guard: counted as passwords are, and no harm to the owner elsewhere."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from tests.daemons.test_guard import GUESSES, lockouts
from tests.harness.center import Visitor
from tests.harness.clients import unique
from tests.harness.platform import Platform
from tests.harness.wait import until

LOCKED = "Too many wrong passwords were tried from your address"


def some_address() -> str:
    """A client address that no other test uses."""
    return f"127.{10 + secrets.randbelow(200)}.{secrets.randbelow(256)}.{1 + secrets.randbelow(250)}"


@dataclass(frozen=True)
class Person:
    """Who has an authenticator app."""

    login: str
    password: str
    app: pyotp.TOTP

    def code(self) -> str:
        """The next one: the present one was used when the app was set up."""
        return self.app.at(datetime.now(UTC) + timedelta(seconds=30))

    def wrong_code(self, number: int) -> str:
        """One that is right neither now nor soon, another for each number."""
        now = self.app.timecode(datetime.now(UTC))
        near = {self.app.generate_otp(now + off) for off in range(-5, 20)}
        return next(code for code in (f"{(number * 7919 + add) % 10**6:06}" for add in range(50)) if code not in near)


@pytest.fixture
def person(platform: Platform) -> Iterator[Person]:
    login, password = unique("second").replace(" ", "-"), secrets.token_urlsafe(18)
    role = ("--role", "domain_admin", "--organisation", "Demo", "--password-stdin")
    platform.mailcenter("user", "add", login, *role, stdin=password)
    try:
        visitor = Visitor(platform, source=some_address())
        assert visitor.log_in(login, password)
        shown = re.search(r'id="secret"[^>]*>([A-Z2-7 ]+)<', visitor.get("/profile/second-factor/app"))
        assert shown
        app = pyotp.TOTP(shown[1].replace(" ", ""))
        visitor.post("/profile/second-factor/app", code=app.now(), password=password)
        yield Person(login, password, app)
    finally:
        platform.mailcenter("user", "remove", login)


def second_step(visitor: Visitor, person: Person, code: str) -> str:
    """The page after a code; where the first step is asked for again, it is done again."""
    if not visitor.url.endswith("/login/second"):
        page = visitor.post("/login", login=person.login, password=person.password)
        if not visitor.url.endswith("/login/second"):
            return page
    return visitor.post("/login/second", code=code)


def test_different_codes_are_guesses_and_the_owner_gets_in_elsewhere(platform: Platform, person: Person) -> None:
    attacker, client = some_address(), ""
    visitor = Visitor(platform, source=attacker)
    for _ in range(GUESSES + 2):  # the same one again and again is one guess
        assert LOCKED not in second_step(visitor, person, person.wrong_code(0))
    assert lockouts(platform, attacker) == []
    pages = [second_step(visitor, person, person.wrong_code(number)) for number in range(1, GUESSES + 1)]
    assert LOCKED in pages[-1]
    (found,) = until(lambda: lockouts(platform, attacker), "the lockout")
    assert (found["service"], found["guesses"]) == ("web", GUESSES)
    try:
        assert LOCKED in second_step(visitor, person, person.code()), "the right code is not looked at any more"
        owner = Visitor(platform, source=(client := some_address()))
        second_step(owner, person, person.code())
        owner.get("/profile")
        assert owner.url.endswith("/profile")
        assert lockouts(platform, client) == []
    finally:
        platform.mailcenter("guard", "lift", "web", attacker)
        platform.mailcenter("gate", "ban", "lift", attacker, check=False)
