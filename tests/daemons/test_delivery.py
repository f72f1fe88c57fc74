"""From port 25 into the mailbox: which folder, which spelling of the address, what the owner's own rules do."""

from __future__ import annotations

import base64
import secrets
import smtplib
import subprocess

import idna
import pytest

from tests.harness.clients import (
    DATE,
    Account,
    mail,
    mailbox,
    new_mailbox,
    send_from_outside,
    subjects,
    trusting,
    unique,
    wait_for_mail,
)
from tests.harness.domains import new_domain
from tests.harness.platform import Platform
from tests.harness.remote import RemoteSite
from tests.harness.wait import until


@pytest.fixture(scope="module")
def idn_user(platform: Platform) -> Account:
    """A mailbox whose domain and local part are beyond ASCII."""
    domain = f"bücher{secrets.token_hex(4)}.example"
    new_domain(platform, domain)
    return new_mailbox(platform, f"jürgen@{domain}")


def test_several_recipients_get_one_each(platform: Platform, alice: Account, bob: Account) -> None:
    subject = unique("both")
    send_from_outside(platform, mail(subject), [alice.login, bob.login, alice.login.upper()])
    for who in (alice, bob):
        wait_for_mail(platform, who, subject)
        assert subjects(platform, who).count(subject) == 1


def test_the_content_arrives_unchanged(platform: Platform, alice: Account) -> None:
    subject = unique("bytes")
    body = "".join(f"{line}: .dots, ümläuts\t and  blanks \r\n" for line in range(200)) + ".\r\n..\r\n"
    raw = mail(subject).as_bytes().partition(b"\r\n\r\n")[0].replace(b"7bit", b"8bit") + b"\r\n\r\n" + body.encode()
    send_from_outside(platform, raw, [alice.login], options=["BODY=8BITMIME"])
    wait_for_mail(platform, alice, subject)
    with mailbox(platform, alice) as imap:
        imap.select("INBOX", readonly=True)
        _, found = imap.search(None, "SUBJECT", f'"{subject}"')
        _, answer = imap.fetch(found[0].split()[0].decode(), "(BODY.PEEK[TEXT])")
    part = answer[0]
    assert isinstance(part, tuple)
    assert part[1] == body.encode()


def test_detail_after_a_plus_is_the_same_mailbox(platform: Platform, alice: Account) -> None:
    subject = unique("plus")
    send_from_outside(platform, mail(subject), ["alice+shop@demo.example"])
    wait_for_mail(platform, alice, subject)


def test_an_alias_delivers_to_all_its_destinations(
    platform: Platform, alice: Account, bob: Account, remote: RemoteSite
) -> None:
    name = f"team-{secrets.token_hex(4)}@demo.example"
    platform.mailcenter("alias", "add", name, alice.login, bob.login, "partner@remote.example")
    subject = unique("alias")
    send_from_outside(platform, mail(subject), [name])
    for who in (alice, bob):
        wait_for_mail(platform, who, subject)
    received = until(lambda: remote.found(subject), "the alias' mail at the remote site")
    assert received.rcpt_to == ["partner@remote.example"]


def test_an_internationalised_address(platform: Platform, idn_user: Account) -> None:
    subject = unique("idn")
    send_with_utf8(platform, in_a_labels(idn_user.login), subject)
    wait_in_any_folder(platform, idn_user, subject)


def test_a_domain_in_u_labels_is_refused_in_the_dialogue(platform: Platform, idn_user: Account) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        send_with_utf8(platform, idn_user.login, unique("idn"))
    assert refusal.value.recipients[idn_user.login][0] == 501


def test_detail_of_an_internationalised_address(platform: Platform, idn_user: Account) -> None:
    subject = unique("idn plus")
    send_with_utf8(platform, in_a_labels(idn_user.login).replace("@", "+büro@"), subject)
    wait_in_any_folder(platform, idn_user, subject)


def in_a_labels(address: str) -> str:
    local, _, domain = address.partition("@")
    return f"{local}@{idna.encode(domain).decode()}"


def wait_in_any_folder(platform: Platform, who: Account, subject: str) -> None:
    """Rspamd 3.4 counts raw UTF-8 in header fields as a sign of spam, so such mail may lie in Junk."""
    until(lambda: subject in subjects(platform, who) + subjects(platform, who, "Junk"), f"the mail {subject!r}")


def send_with_utf8(platform: Platform, recipient: str, subject: str) -> None:
    """Raw UTF-8 in envelope and header fields, as RFC 6531 and 6532 allow."""
    fields = f"From: müller@other.example\r\nTo: {recipient}\r\nSubject: {subject}\r\n"
    content = (
        fields + f"Date: {DATE}\r\nMessage-ID: <{subject.rpartition(' ')[2]}@other.example>\r\n\r\nGrüße\r\n"
    ).encode()
    send_from_outside(
        platform, content, [recipient], sender="müller@other.example", options=["SMTPUTF8", "BODY=8BITMIME"]
    )


def test_the_internationalised_user_sends(platform: Platform, idn_user: Account, alice: Account) -> None:
    subject = unique("from idn")
    sender = in_a_labels(idn_user.login)
    content = f"From: {sender}\r\nTo: {alice.login}\r\nSubject: {subject}\r\n\r\nGrüße\r\n".encode()
    with smtplib.SMTP_SSL("127.0.0.1", platform.port("submissions"), context=trusting(platform), timeout=30) as smtp:
        smtp.ehlo()
        token = base64.b64encode(f"\0{idn_user.login}\0{idn_user.password}".encode()).decode()
        assert smtp.docmd("AUTH", f"PLAIN {token}")[0] == 235
        smtp.sendmail(sender, [alice.login], content, mail_options=["SMTPUTF8", "BODY=8BITMIME"])
    wait_for_mail(platform, alice, subject)


def lmtp_delivery(platform: Platform, recipient: str, content: bytes) -> str:
    """Hand a mail to Dovecot as Postfix does after the gate; gives the reply after the content."""
    with smtplib.LMTP(str(platform.paths.lmtp_socket)) as lmtp:
        lmtp.ehlo()
        lmtp.mail("sender@other.example")
        code, text = lmtp.rcpt(recipient)
        if code != 250:
            return f"{code} {text.decode()}"
        lmtp.putcmd("DATA")
        lmtp.getreply()
        lmtp.send(content + b"\r\n.\r\n")
        code, text = lmtp.getreply()
        return f"{code} {text.decode()}"


def test_what_the_gate_marks_goes_to_junk(platform: Platform, alice: Account) -> None:
    subject = unique("marked")
    reply = lmtp_delivery(platform, alice.login, b"X-Mailcenter-Score: 60\r\n" + mail(subject).as_bytes())
    assert reply.startswith("250 2.0.0")
    wait_for_mail(platform, alice, subject, "Junk")
    assert subject not in subjects(platform, alice)


def test_a_full_mailbox_has_its_mail_wait(platform: Platform) -> None:
    who = new_mailbox(platform, f"{secrets.token_hex(4)}@demo.example", "--quota", "20000")
    big = mail("big", to=who.login, body="0123456789\r\n" * 4000).as_bytes()
    assert lmtp_delivery(platform, who.login, big).startswith("250")  # one more of any size
    assert lmtp_delivery(platform, who.login, mail("small").as_bytes()).startswith("452 4.2.2")


def test_an_unknown_mailbox_is_refused_at_the_last_hop_too(platform: Platform) -> None:
    assert lmtp_delivery(platform, "nobody@demo.example", b"Subject: x\r\n\r\n").startswith("550 5.1.1")


def test_the_owners_script_redirects(platform: Platform, remote: RemoteSite) -> None:
    who = new_mailbox(platform, f"{secrets.token_hex(4)}@demo.example")
    doveadm = ["doveadm", "-c", str(platform.paths.etc("dovecot") / "dovecot.conf")]
    script = 'require "copy";\nredirect :copy "partner@remote.example";\n'
    put = [*doveadm, "sieve", "put", "-a", "-u", who.login, "main"]
    subprocess.run(put, input=script, text=True, check=True, timeout=30)
    subject = unique("redirected")
    send_from_outside(platform, mail(subject, to=who.login), [who.login])
    wait_for_mail(platform, who, subject)
    received = until(lambda: remote.found(subject), "the redirected mail at the remote site")
    reference = str(received.message["X-Mailcenter-Reference"])
    log = platform.paths.log("postfix").read_text()
    assert f"caused-by={reference}" in log, "the ledger can tell which mail caused this one"


def test_mail_to_the_hosts_postmaster_is_kept(platform: Platform) -> None:
    subject = unique("for the postmaster")
    recipient = f"postmaster@{platform.settings.host_name}"
    assert lmtp_delivery(platform, recipient, mail(subject).as_bytes()).startswith("250")


@pytest.mark.parametrize("name", ["postmaster", "abuse+x"])
def test_a_domain_without_a_postmaster_has_the_hosts(platform: Platform, name: str) -> None:
    message = mail(unique("for a human"))
    send_from_outside(platform, message, [f"{name}@demo.example"])
    until(
        lambda: '"delivered"' in platform.mailcenter("trace", str(message["message-id"]), "--json").stdout,
        "its delivery",
    )
    told = platform.mailcenter("trace", str(message["message-id"])).stdout
    assert f"postmaster@{platform.settings.host_name}" in told.replace("+x", "")
