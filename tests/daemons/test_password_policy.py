"""Weak passwords through the real services: seen at login, told by mail, and after the last day to be changed first."""

from __future__ import annotations

import secrets
import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from mailcenter.engines.supervisor.client import Supervisor
from tests.daemons.test_app_passwords import make, said_to
from tests.daemons.test_guard import at_once, imap, lockouts
from tests.harness.center import Visitor
from tests.harness.clients import (
    HOST,
    Account,
    mail,
    send_from_outside,
    subjects,
    trusting,
    unique,
)
from tests.harness.platform import Platform
from tests.harness.wait import until

WEAK = "Sommer2024!"
STRONG = "walrus umbrella 42 paper"
DOMAIN = "demo.example"
SUBJECT = "Please change your password"


@pytest.fixture
def ida(platform: Platform) -> Iterator[Account]:
    """Whose weak password came along from another system."""
    who = Account(f"{unique('ida').replace(' ', '-')}@{DOMAIN}", WEAK)
    platform.mailcenter("mailbox", "add", who.login, "--password-hash-file", "-", stdin=f"{{PLAIN}}{WEAK}\n")
    yield who
    platform.mailcenter("domain", "change", DOMAIN, "--password-deadline", "default", "--password-minimum", "default")
    platform.mailcenter("mailbox", "remove", who.login)


def test_a_weak_password_is_seen_told_and_must_be_changed_after_the_last_day(platform: Platform, ida: Account) -> None:
    device = make(platform, ida, "imap")
    assert said_to(platform, ida.login, WEAK).startswith("a OK")
    reader = Account(ida.login, device["password"])
    until(lambda: SUBJECT in subjects(platform, reader), "the mail about the weak password")
    visitor = Visitor(platform)
    assert visitor.log_in(ida.login, WEAK)
    assert "Your password is easy to guess" in visitor.get("/")

    platform.mailcenter("domain", "change", DOMAIN, "--password-deadline", "2020-01-31")
    said = said_to(platform, ida.login, WEAK)
    assert said.startswith("a NO")
    assert "too easy to guess" in said
    assert "/profile/password" in said
    with smtplib.SMTP_SSL(HOST, platform.port("submissions"), context=trusting(platform), timeout=60) as smtp:
        with pytest.raises(smtplib.SMTPAuthenticationError, match="too easy to guess"):
            smtp.login(ida.login, WEAK)
    visitor = Visitor(platform)
    assert visitor.log_in(ida.login, WEAK)
    for path in ("/", "/senders", "/app-passwords"):
        visitor.get(path)
        assert visitor.url.endswith("/profile/password"), path
    send_from_outside(platform, mail(arriving := unique("arriving"), to=ida.login), [ida.login])
    until(lambda: arriving in subjects(platform, reader), "mail that keeps arriving")

    visitor.post("/profile/password", current_password=WEAK, password=STRONG, repeated=STRONG)
    visitor.get("/senders")
    assert visitor.url.endswith("/senders")
    assert said_to(platform, ida.login, STRONG).startswith("a OK")
    assert subjects(platform, Account(ida.login, STRONG)).count(SUBJECT) <= 2


def test_a_weak_password_after_its_last_day_is_no_guess(platform: Platform, ida: Account) -> None:
    """Nobody is locked out for a phone that repeats it, and is told each time what to do."""
    assert said_to(platform, ida.login, WEAK).startswith("a OK")
    platform.mailcenter("domain", "change", DOMAIN, "--password-deadline", "2020-01-31")
    until(lambda: said_to(platform, ida.login, WEAK).startswith("a NO"), "it to be refused")
    phone = f"127.{10 + secrets.randbelow(200)}.{secrets.randbelow(256)}.{1 + secrets.randbelow(250)}"
    for said in at_once(12, lambda: imap(platform, phone, ida.login, WEAK)):
        assert "too easy to guess" in said
    assert lockouts(platform, phone) == []


def test_a_domain_may_ask_for_less(platform: Platform, ida: Account) -> None:
    platform.mailcenter("domain", "change", DOMAIN, "--password-deadline", "2020-01-31", "--password-minimum", "0")
    assert said_to(platform, ida.login, WEAK).startswith("a OK")
    assert said_to(platform, ida.login, WEAK).startswith("a OK")
    platform.mailcenter("domain", "change", DOMAIN, "--password-minimum", "4")
    assert said_to(platform, ida.login, WEAK).startswith("a OK"), "the login at which it is seen"
    until(lambda: said_to(platform, ida.login, WEAK).startswith("a NO"), "it to be refused")


def test_the_platform_may_ask_for_it_and_reminds_by_the_clock(platform: Platform, ida: Account) -> None:
    """The notices daemon looks when it begins, and each hour: nobody has to log in for a reminder."""
    device = make(platform, ida, "imap")
    reader = Account(ida.login, device["password"])
    assert said_to(platform, ida.login, WEAK).startswith("a OK")
    until(lambda: subjects(platform, reader).count(SUBJECT) == 1, "the mail at the login")
    soon = (datetime.now(UTC).date() + timedelta(days=4)).isoformat()
    try:
        platform.mailcenter("password-policy", "change", "--password-deadline", soon)
        Supervisor(platform.settings).restart("notices")
        until(lambda: subjects(platform, reader).count(SUBJECT) == 2, "the reminder")
        platform.mailcenter("password-policy", "change", "--password-deadline", "2020-01-31")
        until(lambda: said_to(platform, ida.login, WEAK).startswith("a NO"), "it to be refused")
    finally:
        platform.mailcenter(
            "password-policy", "change", "--password-deadline", "default", "--password-minimum", "default"
        )
    assert said_to(platform, ida.login, WEAK).startswith("a OK")


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--password-minimum", "5", "password_minimum: "),
        ("--password-minimum", "much", "no strength"),
        ("--password-deadline", "31.3.2027", "no day"),
    ],
)
def test_wrong_input_is_one_line(platform: Platform, option: str, value: str, said: str) -> None:
    ended = platform.mailcenter("domain", "change", DOMAIN, option, value, check=False)
    assert ended.returncode != 0
    assert said in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
