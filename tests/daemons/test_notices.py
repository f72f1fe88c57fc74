"""Refused for a virus or a forbidden attachment: each recipient gets a notice in his language, the sender none."""

from __future__ import annotations

import io
import os
import re
import secrets
import signal
import smtplib
import zipfile
from email.message import EmailMessage

import pytest

from mailcenter.engines.clamd.signatures import eicar
from tests.daemons.test_gate_verdicts import reply_text
from tests.harness.clients import (
    Account,
    mail,
    messages,
    new_mailbox,
    send_from_outside,
    unique,
    wait_for_mail,
)
from tests.harness.platform import Platform
from tests.harness.remote import RemoteSite
from tests.harness.wait import until

VIRUS = {"de": "Eine E-Mail an Sie wurde abgewiesen: Schadsoftware", "en": "A mail to you was refused: malware"}
PROGRAM = "A mail to you was refused: attachment not allowed"


def new_reader(platform: Platform, language: str = "en") -> Account:
    reader = new_mailbox(platform, f"reader-{secrets.token_hex(4)}@demo.example")
    platform.mailcenter("user", "change", reader.login, "--language", language)
    return reader


def new_sender() -> str:
    return f"{secrets.token_hex(4)}@remote.example"


def refused(platform: Platform, sender: str, *recipients: str, name: str = "bill.zip", content: bytes = b"") -> str:
    """Send a mail with an infected file, or the one given; the refusal's reference."""
    message = mail(unique("bad"), sender=f"The Boss <{sender}>")
    if not content:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("readme.txt", eicar())
        content = archive.getvalue()
    message.add_attachment(b"harmless", maintype="text", subtype="plain", filename="other.txt")
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        send_from_outside(platform, message, recipients, sender=sender)
    assert refusal.value.smtp_code == 554
    found = re.search(r"\[([0-9a-z]{13})\]", reply_text(refusal.value))
    assert found
    return found[1]


def notices(platform: Platform, who: Account) -> list[EmailMessage]:
    return [message for message in messages(platform, who) if message["auto-submitted"] == "auto-generated"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_virus_is_told_in_the_readers_language(platform: Platform, remote: RemoteSite, language: str) -> None:
    reader, sender = new_reader(platform, language), new_sender()
    reference = refused(platform, sender, reader.login)
    notice = wait_for_mail(platform, reader, VIRUS[language])
    text = notice.get_content()
    for fact in (reader.login, f"The Boss <{sender}>", "127.0.0.1", "other.example", "bill.zip", "EICAR", reference):
        assert fact in text, fact
    assert "other.txt" not in text
    assert notice["auto-submitted"] == "auto-generated"
    assert notice["return-path"] == "<>"
    # A second one of that sender gives no further notice, one of another does: it comes after anything of the second.
    refused(platform, sender, reader.login)
    refused(platform, new_sender(), reader.login)
    until(lambda: len(notices(platform, reader)) >= 2, "the notice about the other sender")
    assert len([one for one in notices(platform, reader) if sender in one.get_content()]) == 1
    # Whoever was named as the sender never hears of it.
    assert [one for one in remote.received if sender in one.rcpt_to] == []


def test_a_forbidden_attachment_is_told(platform: Platform) -> None:
    reader = new_reader(platform)
    refused(platform, new_sender(), reader.login, name="tool.exe", content=b"x")
    text = wait_for_mail(platform, reader, PROGRAM).get_content()
    assert "tool.exe" in text
    assert ".exe" in text


def test_who_turned_them_off_gets_none(platform: Platform) -> None:
    quiet, reader = new_reader(platform), new_reader(platform)
    platform.mailcenter("mailbox", "change", quiet.login, "--notices", "no")
    refused(platform, new_sender(), quiet.login, reader.login)
    wait_for_mail(platform, reader, VIRUS["en"])
    assert notices(platform, quiet) == []


def test_an_alias_tells_its_mailboxes_once(platform: Platform) -> None:
    reader, alias = new_reader(platform), f"group-{secrets.token_hex(4)}@demo.example"
    platform.mailcenter("alias", "add", alias, reader.login, "far@remote.example")
    refused(platform, new_sender(), alias, reader.login)
    wait_for_mail(platform, reader, VIRUS["en"])
    refused(platform, new_sender(), reader.login, name="tool.exe", content=b"x")
    wait_for_mail(platform, reader, PROGRAM)
    assert len(notices(platform, reader)) == 2


def test_the_ledger_has_the_notice_with_its_end(platform: Platform) -> None:
    reader = new_reader(platform)
    refused(platform, new_sender(), reader.login)
    message_id = str(wait_for_mail(platform, reader, VIRUS["en"])["message-id"])

    def recorded() -> str:
        return platform.mailcenter("trace", message_id, "--json", check=False).stdout

    until(lambda: "delivered" in recorded(), "the notice's delivery in the ledger")
    platform.mailcenter("ledger", "audit")


def test_a_killed_daemon_loses_and_doubles_none(platform: Platform) -> None:
    reader = new_reader(platform)
    state = platform.json("status")["engines"]
    (process,) = next(engine for engine in state if engine["name"] == "notices")["processes"]
    refused(platform, new_sender(), reader.login)
    os.kill(process["pid"], signal.SIGKILL)
    until(lambda: len(notices(platform, reader)) == 1, "the notice", timeout=60)
    refused(platform, new_sender(), reader.login, name="tool.exe", content=b"x")
    wait_for_mail(platform, reader, PROGRAM)
    assert len(notices(platform, reader)) == 2
