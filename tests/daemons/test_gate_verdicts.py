"""The gate's verdicts through the real daemons: what is accepted, refused, filed as junk, and how it is changed."""

from __future__ import annotations

import base64
import io
import smtplib
import zipfile
from email.message import EmailMessage

import pytest

from tests.harness.clients import (
    HOST,
    OUTSIDE,
    Account,
    logged_in,
    mail,
    send_from_outside,
    subjects,
    unique,
    wait_for_mail,
)
from tests.harness.platform import Platform
from tests.harness.wait import until

# Assembled here so that no scanner takes this file for infected, and no filter for spam.
EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*"
GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*" + "GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL" + "*C.34X"
REFERENCE = r"\[[0-9a-z]{13}\]"


def reply_text(refusal: smtplib.SMTPResponseException) -> str:
    error = refusal.smtp_error
    return error.decode() if isinstance(error, bytes) else error


def refused_content(platform: Platform, message: EmailMessage | bytes) -> tuple[int, str]:
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        send_from_outside(platform, message, ["alice@demo.example"])
    return refusal.value.smtp_code, reply_text(refusal.value)


def recorded(platform: Platform, reply: str) -> str:
    """What `mailcenter trace` tells of the transaction whose reference stands in the reply."""
    reference = reply.rpartition("[")[2].partition("]")[0]

    def traced() -> str:
        return platform.mailcenter("trace", reference, "--json", check=False).stdout

    return until(lambda: traced() if reference in traced() else "", f"transaction {reference} in the ledger")


def test_accepted_mail_bears_our_fields(platform: Platform, alice: Account) -> None:
    subject = unique("accepted")
    send_from_outside(platform, mail(subject), [alice.login])
    message = wait_for_mail(platform, alice, subject)
    assert message["x-mailcenter-reference"]
    assert float(message["x-spam-score"]) < platform.settings.spam.junk_score
    assert message["x-spam-flag"] is None
    assert str(message["authentication-results"]).startswith(f"{platform.settings.host_name};")


def test_forged_fields_are_removed(platform: Platform, alice: Account) -> None:
    subject, host = unique("forged"), platform.settings.host_name
    forged = (
        f"Authentication-Results: {host}; spf=pass smtp.mailfrom=forged@bank.example\r\n"
        f"Authentication-Results: other.example; spf=pass smtp.mailfrom=kept@other.example\r\n"
        f"authentication-results: (see\r\n\tbelow) {host.upper()} ;\r\n dkim=pass header.d=forged.example\r\n"
        f'Authentication-Results: "{host}" 1; dmarc=pass header.from=forged.example\r\n'
        "X-Spam-Flag: NO\r\nX-Spam-Score: -100\r\nX-Mailcenter-Reference: 0000000000000\r\n"
    ).encode()
    send_from_outside(platform, forged + mail(subject).as_bytes(), [alice.login])
    message = wait_for_mail(platform, alice, subject)
    results = [str(value) for value in message.get_all("authentication-results", [])]
    assert len([value for value in results if value.lower().startswith(host)]) == 1
    assert not [value for value in results if "forged" in value]
    assert [value for value in results if "kept@other.example" in value]
    assert message.get_all("x-mailcenter-reference") != ["0000000000000"]
    assert len(message.get_all("x-spam-score", [])) == 1
    assert str(message["x-spam-score"]) != "-100"


def test_spam_is_refused(platform: Platform) -> None:
    code, text = refused_content(platform, mail("GTUBE", body=f"{GTUBE}\r\n"))
    assert code == 554
    assert text.startswith("5.7.1 the message looks like spam (score ")
    assert '"spam"' in recorded(platform, text)


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "zip"])
def test_virus_is_refused_and_named(platform: Platform, packed: bool) -> None:
    message = mail("EICAR")
    content, kind = EICAR.encode(), "octet-stream"
    if packed:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("eicar.com", EICAR)
        content, kind = archive.getvalue(), "zip"
    message.add_attachment(content, maintype="application", subtype=kind, filename=f"eicar.{kind}")
    assert EICAR.encode() not in message.as_bytes()
    assert base64.b64encode(content)[:20] in message.as_bytes()
    code, text = refused_content(platform, message)
    assert code == 554
    assert text.startswith("5.7.1 the message holds malware: ")
    assert "EICAR" in text.upper()
    assert '"virus"' in recorded(platform, text)


def test_a_mail_loop_is_refused_with_a_reference(platform: Platform) -> None:
    hop = b"Received: from a.other.example by b.other.example; Sun, 22 Nov 2026 10:00:00 +0000\r\n"
    code, text = refused_content(platform, hop * 101 + mail("round and round").as_bytes())
    assert (code, text.partition(":")[0]) == (554, "5.4.6 the message went through 101 servers")
    assert '"mail-loop"' in recorded(platform, text)


def test_suspicious_mail_lies_in_junk(platform: Platform, alice: Account) -> None:
    """Between the thresholds: a flag of another filter, and no Message-ID or Date, as bulk software leaves them out."""
    subject = unique("suspicious")
    message = mail(subject)
    message["X-Spam-Flag"] = "YES"
    del message["Message-ID"], message["Date"]
    send_from_outside(platform, message, [alice.login])
    filed = wait_for_mail(platform, alice, subject, "Junk")
    assert filed.get_all("x-spam-flag") == ["YES"]
    score = float(filed["x-spam-score"])
    assert platform.settings.spam.junk_score <= score < platform.settings.spam.refuse_score
    assert subject not in subjects(platform, alice)


def test_one_of_several_recipients_is_unknown(platform: Platform, alice: Account, bob: Account) -> None:
    subject = unique("several")
    with smtplib.SMTP(HOST, platform.port("smtp"), local_hostname="other.example", timeout=30) as smtp:
        refused = smtp.sendmail(OUTSIDE, [alice.login, "nobody@demo.example", bob.login], mail(subject).as_bytes())
    assert {address: answer[0] for address, answer in refused.items()} == {"nobody@demo.example": 550}
    wait_for_mail(platform, alice, subject)
    wait_for_mail(platform, bob, subject)


@pytest.mark.parametrize("sender", ["a b@c.example", "nodomain", "a@b..example", "a@b_c@d.example"])
def test_broken_senders(platform: Platform, sender: str) -> None:
    with smtplib.SMTP(HOST, platform.port("smtp"), timeout=30) as smtp:
        smtp.ehlo("other.example")
        code, text = smtp.docmd("MAIL", f"FROM:<{sender}>")
    assert code in {501, 553}, text
    assert text.startswith(b"5.1."), text


def test_several_transactions_on_one_connection(platform: Platform, alice: Account) -> None:
    first, second = unique("first"), unique("second")
    with smtplib.SMTP(HOST, platform.port("smtp"), local_hostname="other.example", timeout=30) as smtp:
        smtp.ehlo()
        assert smtp.mail(OUTSIDE)[0] == 250
        assert smtp.rset()[0] == 250
        smtp.sendmail(OUTSIDE, [alice.login], mail(first).as_bytes())
        with pytest.raises(smtplib.SMTPDataError):
            smtp.sendmail(OUTSIDE, [alice.login], mail("GTUBE", body=f"{GTUBE}\r\n").as_bytes())
        smtp.sendmail(OUTSIDE, [alice.login], mail(second).as_bytes())
    for subject in (first, second):
        wait_for_mail(platform, alice, subject)


def test_chunks_and_pipelining(platform: Platform, alice: Account) -> None:
    """BDAT (RFC 3030) in two chunks; MAIL and RCPT sent at once (RFC 2920)."""
    subject = unique("chunks")
    content = mail(subject).as_bytes()
    with smtplib.SMTP(HOST, platform.port("smtp"), timeout=30) as smtp:
        smtp.ehlo("other.example")
        assert "chunking" in smtp.esmtp_features
        smtp.send(f"MAIL FROM:<{OUTSIDE}>\r\nRCPT TO:<nobody@demo.example>\r\nRCPT TO:<{alice.login}>\r\n")
        assert [smtp.getreply()[0] for _ in range(3)] == [250, 550, 250]
        smtp.send(b"BDAT 10\r\n" + content[:10])
        assert smtp.getreply()[0] == 250
        smtp.send(f"BDAT {len(content) - 10} LAST\r\n".encode() + content[10:])
        assert smtp.getreply()[0] == 250
    wait_for_mail(platform, alice, subject)


def test_client_that_leaves_is_recorded(platform: Platform) -> None:
    sender = f"{unique('left').replace(' ', '-')}@other.example"
    with smtplib.SMTP(HOST, platform.port("smtp"), timeout=30) as smtp:
        smtp.ehlo("other.example")
        smtp.mail(sender)
        smtp.rcpt("alice@demo.example")

    def verdicts() -> str:
        found = platform.mailcenter("trace", sender, "--json", check=False).stdout
        return found if '"abort"' in found else ""

    until(verdicts, "the aborted transaction in the ledger")


def test_too_large_a_mail_ended_before_a_verdict(platform: Platform) -> None:
    """Postfix breaks the mail off before the gate sees it, so the story must not say that the client left."""
    sender = f"{unique('large').replace(' ', '-')}@other.example"
    content = b"Subject: large\r\n\r\n" + (b"x" * 998 + b"\r\n") * (platform.settings.smtp.message_size // 1000 + 1)
    with smtplib.SMTP(HOST, platform.port("smtp"), timeout=60) as smtp:
        smtp.ehlo("other.example")
        smtp.mail(sender)
        smtp.rcpt("alice@demo.example")
        code, text = smtp.data(content)
    assert (code, text[:5]) == (552, b"5.3.4")
    told = until(lambda: platform.mailcenter("trace", sender, check=False).stdout, "the story of the large mail")
    assert "Ended before a verdict" in told


def test_submitted_mail_is_scanned_too(platform: Platform, alice: Account) -> None:
    with logged_in(platform, alice) as smtp:
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            smtp.send_message(mail("GTUBE", sender=alice.login, body=f"{GTUBE}\r\n"))
        assert refusal.value.smtp_code == 550
        assert "ask our support" in reply_text(refusal.value)
        infected = mail("EICAR", sender=alice.login)
        infected.add_attachment(EICAR.encode(), maintype="application", subtype="octet-stream", filename="x.com")
        with pytest.raises(smtplib.SMTPDataError, match="malware"):
            smtp.send_message(infected)


def test_author_must_be_ones_own(platform: Platform, alice: Account, bob: Account) -> None:
    with logged_in(platform, alice) as smtp, pytest.raises(smtplib.SMTPDataError) as refusal:
        smtp.send_message(mail("not me", sender=bob.login, to=alice.login), from_addr=alice.login)
    assert refusal.value.smtp_code == 553


def test_submitted_mail_says_nothing_of_our_filters(platform: Platform, alice: Account, bob: Account) -> None:
    subject = unique("clean")
    with logged_in(platform, alice) as smtp:
        smtp.send_message(mail(subject, sender=alice.login, to=bob.login))
    message = wait_for_mail(platform, bob, subject)
    assert message["authentication-results"] is None
    assert not [name for name in message if name.lower().startswith("x-spam-")]
    assert message["x-mailcenter-reference"]
