"""Networks and senders that people allow or refuse, and rules they switch, through the real daemons."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

import pytest

from tests.harness.clients import HOST, OUTSIDE, Account, mail, send_from_outside, unique, wait_for_mail
from tests.harness.platform import Platform
from tests.harness.wait import until

# Assembled here so that no filter takes this file for spam.
GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*" + "GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL" + "*C.34X"
CLIENT = "198.51.100.7"
NETWORK = "198.51.100.0/24"


@contextmanager
def listed_network(platform: Platform, action: str) -> Iterator[None]:
    platform.mailcenter("gate", "networks", "add", NETWORK, action)
    try:
        yield
    finally:
        platform.mailcenter("gate", "networks", "remove", NETWORK)


@contextmanager
def listed_sender(platform: Platform, sender: str, action: str, *place: str) -> Iterator[None]:
    entry = platform.json("sender", "add", sender, action, *place)
    try:
        yield
    finally:
        platform.mailcenter("sender", "remove", str(entry["id"]))


@contextmanager
def client_at(platform: Platform, address: str) -> Iterator[smtplib.SMTP]:
    """A session as a client elsewhere."""
    with smtplib.SMTP(HOST, platform.port("smtp"), local_hostname="other.example", timeout=30) as smtp:
        smtp.ehlo()
        assert smtp.docmd("XCLIENT", f"ADDR={address} NAME=other.example")[0] == 220
        smtp.ehlo()
        yield smtp


def answer_at_rcpt(platform: Platform, address: str, recipient: str, sender: str = OUTSIDE) -> tuple[int, str]:
    with client_at(platform, address) as smtp:
        assert smtp.mail(sender)[0] == 250
        code, text = smtp.rcpt(recipient)
        return code, text.decode()


def answer_to(platform: Platform, message: EmailMessage, recipient: str, sender: str = OUTSIDE) -> tuple[int, str]:
    """What a client here is told of the whole mail, wherever it is refused."""
    try:
        send_from_outside(platform, message, [recipient], sender=sender)
    except smtplib.SMTPRecipientsRefused as refusal:
        return refusal.recipients[recipient][0], refusal.recipients[recipient][1].decode()
    except smtplib.SMTPDataError as refusal:
        text = refusal.smtp_error
        return refusal.smtp_code, text.decode() if isinstance(text, bytes) else text
    return 250, ""


def test_refused_network(platform: Platform, alice: Account) -> None:
    with listed_network(platform, "refuse"):
        code, text = until(
            lambda: answer if (answer := answer_at_rcpt(platform, CLIENT, alice.login))[0] == 554 else None,
            "the refusal of the network",
        )
        assert code == 554
        assert text.startswith(f"5.7.1 ip address {CLIENT} is refused by this site [")
    until(
        lambda: "is refused by this site" not in answer_at_rcpt(platform, CLIENT, alice.login)[1],
        "the end of the refusal",
    )


def test_allowed_network_is_spared_the_score(platform: Platform, alice: Account) -> None:
    subject = unique("from an allowed network")
    content = mail(subject, body=f"{GTUBE}\r\n").as_bytes()

    def sent() -> bool:
        with client_at(platform, CLIENT) as smtp:
            try:
                smtp.sendmail(OUTSIDE, [alice.login], content)
            except (smtplib.SMTPDataError, smtplib.SMTPRecipientsRefused):
                return False
            return True

    assert not sent()
    with listed_network(platform, "allow"):
        until(sent, "the acceptance of spam from the allowed network")
        assert wait_for_mail(platform, alice, subject)["x-mailcenter-score"] == "0"


def test_sender_denied_by_one_recipient(platform: Platform, alice: Account, bob: Account) -> None:
    sender = "someone@mail.denied.example"
    with listed_sender(platform, "*.denied.example", "deny", "--mailbox", alice.login):
        _, text = until(
            lambda: answer if (answer := answer_to(platform, mail("x"), alice.login, sender))[0] == 550 else None,
            "the refusal of the sender",
        )
        assert text.startswith(f"5.7.1 <{alice.login}> does not accept mail from <{sender}> [")
        subject = unique("for bob")
        assert answer_to(platform, mail(subject), bob.login, sender)[0] == 250
        wait_for_mail(platform, bob, subject)


def test_author_denied_by_the_domain(platform: Platform, bob: Account) -> None:
    author = "Friendly <someone@author.example>"
    with listed_sender(platform, "author.example", "deny", "--domain", "demo.example"):
        _, text = until(
            lambda: answer if (answer := answer_to(platform, mail("x", sender=author), bob.login))[0] == 550 else None,
            "the refusal of the author",
        )
        assert f"<{bob.login}> does not accept mail from <someone@author.example>" in text


def test_an_allowed_sender_who_is_not_proven_gains_nothing(platform: Platform, alice: Account) -> None:
    with listed_sender(platform, OUTSIDE, "allow", "--mailbox", alice.login):
        code, text = answer_to(platform, mail("forged", body=f"{GTUBE}\r\n"), alice.login)
        assert code == 554
        assert "looks like spam" in text


@pytest.mark.parametrize(("rule", "name"), [("denied-sender", "envelope"), ("denied-author", "author")])
def test_a_rule_is_switched_off_and_on(platform: Platform, alice: Account, rule: str, name: str) -> None:
    sender = "x@switched.example" if name == "envelope" else OUTSIDE
    author = "x@switched.example" if name == "author" else OUTSIDE

    def code() -> int:
        return answer_to(platform, mail(unique("switched"), sender=author), alice.login, sender)[0]

    with listed_sender(platform, "switched.example", "deny"):
        until(lambda: code() == 550, "the refusal of the sender")
        platform.mailcenter("gate", "rule", "set", rule, "--off")
        try:
            until(lambda: code() == 250, "the acceptance without the rule")
        finally:
            platform.mailcenter("gate", "rule", "set", rule, "--on")
        until(lambda: code() == 550, "the refusal with the rule again")


def test_what_safety_needs_is_not_switched_off(platform: Platform) -> None:
    ended = platform.mailcenter("gate", "rule", "set", "virus", "--off", check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: enabled: ")
    assert "Traceback" not in ended.stderr
