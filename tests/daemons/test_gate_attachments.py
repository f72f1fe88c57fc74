"""Attachments that can be executed, refused in the dialogue by the real daemons."""

from __future__ import annotations

import io
import smtplib
import zipfile

import pytest

from tests.harness.clients import Account, logged_in, mail, send_from_outside, unique, wait_for_mail
from tests.harness.platform import Platform
from tests.harness.wait import until

# Only the beginning of a Windows program, which no system runs.
PROGRAM = b"MZ\x90\x00" + bytes(56) + b"\x80\x00\x00\x00" + bytes(64) + b"PE\x00\x00" + bytes(200)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def zipped(name: str, content: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
    return archive.getvalue()


def answer(platform: Platform, subject: str, name: str, content: bytes, *recipients: str) -> tuple[int, str]:
    """What the sender of a mail with this file is told."""
    message = mail(subject)
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    try:
        send_from_outside(platform, message, list(recipients))
    except smtplib.SMTPDataError as refusal:
        text = refusal.smtp_error
        return refusal.smtp_code, text.decode() if isinstance(text, bytes) else text
    return 250, ""


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("tool.exe", b"anything", "tool.exe is of a kind that is not accepted here (.exe)"),
        ("bill.pdf.scr", b"x", "bill.pdf.scr is of a kind that is not accepted here (.scr (double extension))"),
        ("bill.exe. .", b"x", "(.exe (trailing dots or spaces))"),
        ("photo.jpg", PROGRAM, "photo.jpg is of a kind that is not accepted here (Windows program)"),
        ("a.zip", zipped("in/run.vbs", b"x"), "a.zip/in/run.vbs is of a kind that is not accepted here (.vbs)"),
        ("b.zip", zipped("c.zip", zipped("run.bat", b"x")), "b.zip/c.zip/run.bat is of a kind"),
        ("d.zip", zipped("photo.jpg", PROGRAM), "d.zip/photo.jpg is of a kind"),
    ],
)
def test_refused_with_its_name(platform: Platform, alice: Account, name: str, content: bytes, told: str) -> None:
    code, text = answer(platform, unique("program"), name, content, alice.login)
    assert code == 554
    assert text.startswith("5.7.1 the attachment ")
    assert told in text


def test_a_harmless_file_arrives(platform: Platform, alice: Account) -> None:
    subject = unique("harmless")
    assert answer(platform, subject, "bill.pdf", PDF, alice.login) == (250, "")
    arrived = wait_for_mail(platform, alice, subject)
    (attachment,) = arrived.iter_attachments()
    assert attachment.get_content() == PDF


def test_our_users_send_none_either(platform: Platform, alice: Account, bob: Account) -> None:
    message = mail("out", sender=alice.login, to=bob.login)
    message.add_attachment(b"x", maintype="application", subtype="octet-stream", filename="tool.exe")
    with logged_in(platform, alice) as smtp, pytest.raises(smtplib.SMTPDataError) as refusal:
        smtp.send_message(message)
    assert refusal.value.smtp_code == 554
    assert "the attachment tool.exe" in str(refusal.value.smtp_error)


def test_a_domain_has_its_own_list(platform: Platform, alice: Account) -> None:
    def code(name: str, content: bytes = b"x") -> int:
        return answer(platform, unique("own list"), name, content, alice.login)[0]

    assert code("macro.docm") == 250
    platform.mailcenter("domain", "change", "demo.example", "--block-extensions", "docm")
    try:
        until(lambda: code("macro.docm") == 554, "the refusal by the domain's list")
        assert code("tool.exe", PROGRAM) == 250
        assert code("photo.jpg", PROGRAM) == 554
    finally:
        platform.mailcenter("domain", "change", "demo.example", "--block-extensions", "default")
    until(lambda: code("macro.docm") == 250, "the platform's list again")
    assert code("tool.exe") == 554
