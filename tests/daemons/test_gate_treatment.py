"""Each recipient's own thresholds and treatment of suspicious mail, through the real daemons."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from tests.harness.clients import (
    Account,
    mail,
    send_from_outside,
    unique,
    wait_for_mail,
)
from tests.harness.platform import Platform
from tests.harness.wait import until


@contextmanager
def treating(platform: Platform, what: str, name: str, **wishes: str) -> Iterator[None]:
    """A domain or mailbox with these wishes, and as the platform treats mail afterwards."""

    def change(values: dict[str, str]) -> None:
        options = [part for wish, value in values.items() for part in (f"--{wish.replace('_', '-')}", value)]
        platform.mailcenter(what, "change", name, *options)

    change(wishes)
    try:
        yield
    finally:
        change(dict.fromkeys(wishes, "default"))


def suspicious(subject: str) -> EmailMessage:
    """Between the platform's thresholds: a flag of another filter, and no Message-ID or Date."""
    message = mail(subject)
    message["X-Spam-Flag"] = "YES"
    del message["Message-ID"], message["Date"]
    return message


def refused(platform: Platform, *recipients: str) -> bool:
    try:
        send_from_outside(platform, suspicious(unique("refused?")), recipients)
    except smtplib.SMTPDataError as refusal:
        return refusal.smtp_code == 554
    return False


def test_refused_only_when_every_recipient_would(platform: Platform, alice: Account, bob: Account) -> None:
    with treating(platform, "mailbox", alice.login, junk_score="0.5", refuse_score="1"):
        until(lambda: refused(platform, alice.login), "the refusal by the mailbox's own score")
        subject = unique("for two")
        send_from_outside(platform, suspicious(subject), [alice.login, bob.login])
        wait_for_mail(platform, alice, subject, "Junk")
        wait_for_mail(platform, bob, subject, "Junk")
        with treating(platform, "mailbox", bob.login, refuse_score="2"):
            until(lambda: refused(platform, alice.login, bob.login), "the refusal by both")
    until(lambda: not refused(platform, alice.login), "the platform's score again")


def test_a_domains_wish_holds_for_its_mailboxes_but_theirs_comes_first(
    platform: Platform, alice: Account, bob: Account
) -> None:
    with treating(platform, "domain", "demo.example", junk_score="1", refuse_score="1.5"):
        until(lambda: refused(platform, alice.login), "the refusal by the domain's score")
        with treating(platform, "mailbox", bob.login, junk_score="30", refuse_score="40"):
            until(lambda: not refused(platform, bob.login), "the mailbox's own score")


def test_operators_change_the_platforms_score(platform: Platform, alice: Account) -> None:
    platform.mailcenter("gate", "rule", "set", "spam", "junk_score=0.5", "refuse_score=1")
    try:
        until(lambda: refused(platform, alice.login), "the refusal by the platform's new score")
    finally:
        platform.mailcenter("gate", "rule", "set", "spam", "junk_score=default", "refuse_score=default")
    until(lambda: not refused(platform, alice.login), "the configuration's score again")
