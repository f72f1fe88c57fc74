"""Users send mail: on 587 and 465, to local mailboxes and to a remote site, in their own name only."""

from __future__ import annotations

import smtplib

import pytest

from tests.harness.clients import (
    HOST,
    Account,
    Dialogue,
    logged_in,
    mail,
    messages,
    trusting,
    unique,
    wait_for_mail,
)
from tests.harness.platform import Platform
from tests.harness.remote import RemoteSite
from tests.harness.wait import until

REMOTE = "partner@remote.example"


@pytest.mark.parametrize("service", ["submission", "submissions"])
def test_mail_reaches_a_local_mailbox(platform: Platform, alice: Account, bob: Account, service: str) -> None:
    subject = unique("local")
    with logged_in(platform, alice, service) as smtp:
        smtp.send_message(mail(subject, sender=alice.login, to=bob.login))
    assert wait_for_mail(platform, bob, subject)["from"] == alice.login


@pytest.mark.parametrize("service", ["submission", "submissions"])
def test_mail_reaches_the_remote_site(platform: Platform, alice: Account, remote: RemoteSite, service: str) -> None:
    subject = unique("remote")
    with logged_in(platform, alice, service) as smtp:
        smtp.send_message(mail(subject, sender=alice.login, to=REMOTE))
    received = until(lambda: remote.found(subject), "the mail at the remote site")
    assert (received.mail_from, received.rcpt_to) == (alice.login, [REMOTE])


def test_the_remote_site_learns_nothing_of_where_the_user_sits(
    platform: Platform, alice: Account, remote: RemoteSite
) -> None:
    subject = unique("private")
    with logged_in(platform, alice) as smtp:
        smtp.ehlo("laptop.internal.example")
        smtp.send_message(mail(subject, sender=alice.login, to=REMOTE))
    received = until(lambda: remote.found(subject), "the mail at the remote site")
    trace = received.message.get_all("received", [])
    assert len(trace) == 1
    assert trace[0].startswith(f"by {platform.settings.host_name} (Postfix) with ESMTPSA id ")
    assert b"laptop" not in received.content
    assert b"127.0.0.1" not in received.content


def test_another_ones_address_is_refused_as_sender(platform: Platform, alice: Account, bob: Account) -> None:
    with logged_in(platform, alice) as smtp, pytest.raises(smtplib.SMTPSenderRefused) as refusal:
        smtp.send_message(mail("not mine", sender=bob.login, to=REMOTE))
    assert refusal.value.smtp_code == 553
    assert b"5.7.1" in bytes(refusal.value.smtp_error)


def test_without_login_nothing_is_taken(platform: Platform) -> None:
    with smtplib.SMTP_SSL(HOST, platform.port("submissions"), context=trusting(platform), timeout=30) as smtp:
        smtp.ehlo()
        code, text = smtp.mail("alice@demo.example")
        assert code == 530, text


def test_without_tls_there_is_no_login(platform: Platform, alice: Account) -> None:
    with smtplib.SMTP(HOST, platform.port("submission"), timeout=30) as smtp:
        smtp.ehlo()
        assert "auth" not in smtp.esmtp_features
        assert smtp.docmd("AUTH", "PLAIN AGEAYg==")[0] == 530
        assert smtp.mail(alice.login)[0] == 530


def test_port_25_has_no_login(platform: Platform) -> None:
    with smtplib.SMTP(HOST, platform.port("smtp"), timeout=30) as smtp:
        smtp.starttls(context=trusting(platform))
        smtp.ehlo()
        assert "auth" not in smtp.esmtp_features
        assert smtp.docmd("AUTH", "PLAIN AGEAYg==")[0] == 503


def test_a_wrong_password_is_refused(platform: Platform, alice: Account) -> None:
    elsewhere = ("127.0.0.78", 0)  # Dovecot slows down an address that guesses, and the other tests use 127.0.0.1
    context = trusting(platform)
    with (
        smtplib.SMTP_SSL(
            HOST, platform.port("submissions"), context=context, timeout=30, source_address=elsewhere
        ) as smtp,
        pytest.raises(smtplib.SMTPAuthenticationError) as refusal,
    ):
        smtp.login(alice.login, "wrong")
    assert refusal.value.smtp_code == 535


def test_what_the_remote_site_refuses_comes_back_to_the_sender(
    platform: Platform, alice: Account, remote: RemoteSite
) -> None:
    remote.answers["nobody@remote.example"] = "550 5.1.1 no such user at the remote site"
    subject = unique("bounce")
    with logged_in(platform, alice) as smtp:
        smtp.send_message(mail(subject, sender=alice.login, to="nobody@remote.example"))

    def bounce() -> str:
        notices = [each for each in messages(platform, alice) if "MAILER-DAEMON" in str(each["from"])]
        return next((text for text in map(str, notices) if subject in text), "")

    text = until(bounce, "the bounce in the sender's mailbox")
    assert "no such user at the remote site" in text
    assert str(platform.paths.state) not in text


def test_what_the_remote_site_defers_stays_in_the_queue(platform: Platform, alice: Account, remote: RemoteSite) -> None:
    remote.answers["later@remote.example"] = "450 4.2.0 come back later"
    subject = unique("deferred")
    with logged_in(platform, alice) as smtp:
        smtp.send_message(mail(subject, sender=alice.login, to="later@remote.example"))
    log = platform.paths.log("postfix")
    until(lambda: "450 4.2.0 come back later" in log.read_text(), "the deferral in Postfix's log")
    assert remote.found(subject) is None


def test_a_domain_that_cannot_be_reached_stays_in_the_queue(platform: Platform, alice: Account) -> None:
    with logged_in(platform, alice) as smtp:
        smtp.send_message(mail(unique("nowhere"), sender=alice.login, to="someone@unreachable.example"))
    log = platform.paths.log("postfix")
    until(
        lambda: [line for line in log.read_text().splitlines() if "someone@unreachable" in line and "deferred" in line],
        "the deferral in Postfix's log",
    )


def test_users_talk_utf8(platform: Platform, alice: Account, remote: RemoteSite) -> None:
    subject = unique("Grüße")
    message = mail(subject, sender=alice.login, to=REMOTE)
    with logged_in(platform, alice) as smtp:
        smtp.send_message(message, mail_options=["SMTPUTF8"])
    until(lambda: remote.found(subject), "the mail at the remote site")


def test_a_recipient_of_a_submission_must_exist_where_we_know_it(platform: Platform, alice: Account) -> None:
    with logged_in(platform, alice) as smtp, pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        smtp.send_message(mail("nobody", sender=alice.login, to="nobody@demo.example"))
    assert refusal.value.recipients["nobody@demo.example"][0] == 550


def test_old_tls_is_not_spoken(platform: Platform) -> None:
    with Dialogue(platform, "submission") as dialogue:
        dialogue.reply()
        dialogue.ask("EHLO client.example")
        assert dialogue.ask("STARTTLS").startswith("220")
        # a ClientHello that offers TLS 1.1 and nothing newer (RFC 4346 section 7.4.1.2), one cipher suite
        hello = bytes.fromhex("0302") + bytes(32) + bytes.fromhex("000002c01301000000")
        handshake = b"\x01" + len(hello).to_bytes(3, "big") + hello
        dialogue.send(b"\x16\x03\x01" + len(handshake).to_bytes(2, "big") + handshake)
        answer = dialogue.octets(7)
    assert (answer[0], answer[5:7]) == (21, b"\x02\x46"), "a fatal alert: protocol_version (70)"
