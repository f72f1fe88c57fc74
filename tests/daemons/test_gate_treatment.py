"""Each recipient's own thresholds and treatment of suspicious mail, through the real daemons."""

from __future__ import annotations

import json
import smtplib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from tests.harness.clients import (
    HOST,
    OUTSIDE,
    Account,
    mail,
    new_mailbox,
    send_from_outside,
    subjects,
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


def treated(platform: Platform, sender: str) -> dict[str, str]:
    """What the ledger says became of each recipient's copy of this sender's only mail."""

    def story() -> Any:
        done = platform.mailcenter("trace", sender, "--json", check=False)
        found = json.loads(done.stdout) if done.returncode == 0 else []
        return found if len(found) == 1 else None

    (told,) = until(story, f"the mail of {sender} in the ledger")
    return {recipient["address"]: recipient["treatment"] for recipient in told["recipients"]}


def all_known(platform: Platform, recipients: Iterable[str]) -> bool:
    """Whether the gate has heard of these mailboxes."""
    with smtplib.SMTP(HOST, platform.port("smtp"), local_hostname="other.example", timeout=30) as smtp:
        smtp.ehlo()
        smtp.mail(OUTSIDE)
        return all(smtp.rcpt(recipient)[0] == 250 for recipient in recipients)


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
            subject = unique("patient")
            send_from_outside(platform, suspicious(subject), [alice.login, bob.login])
            wait_for_mail(platform, bob, subject)
            wait_for_mail(platform, alice, subject, "Junk")


def test_operators_change_the_platforms_score(platform: Platform, alice: Account) -> None:
    platform.mailcenter("gate", "rule", "set", "spam", "junk_score=0.5", "refuse_score=1")
    try:
        until(lambda: refused(platform, alice.login), "the refusal by the platform's new score")
    finally:
        platform.mailcenter("gate", "rule", "set", "spam", "junk_score=default", "refuse_score=default")
    until(lambda: not refused(platform, alice.login), "the configuration's score again")


def test_each_way_to_treat_a_suspicious_mail(platform: Platform, bob: Account) -> None:
    """One message to four recipients, each with his own wish; the ledger says what each got."""
    wishes = {
        "mark": ("--spam-action", "mark"),
        "nothing": ("--spam-action", "nothing"),
        "forward": ("--spam-action", "forward", "--spam-forward-to", bob.login),
        "late": ("--junk-score", "30", "--refuse-score", "40"),
    }
    made: dict[str, Account] = {}
    for name, options in wishes.items():
        made[name] = new_mailbox(platform, f"{unique(name).replace(' ', '-')}@demo.example")
        platform.mailcenter("mailbox", "change", made[name].login, *options)
    addresses = {name: who.login for name, who in made.items()}
    until(lambda: all_known(platform, addresses.values()), "all four mailboxes at the gate")
    subject, sender = unique("to all"), f"{unique('wishes').replace(' ', '-')}@other.example"
    send_from_outside(platform, suspicious(subject), list(addresses.values()), sender=sender)
    wait_for_mail(platform, made["mark"], f"[Spam] {subject}")
    wait_for_mail(platform, made["nothing"], subject)
    wait_for_mail(platform, made["late"], subject)
    wait_for_mail(platform, bob, subject)
    assert subjects(platform, made["forward"], "Junk") == []
    assert treated(platform, sender) == {
        addresses["mark"]: "mark",
        addresses["nothing"]: "nothing",
        addresses["forward"]: "forward",
        addresses["late"]: "",
    }
    for address in addresses.values():
        platform.mailcenter("mailbox", "remove", address)
