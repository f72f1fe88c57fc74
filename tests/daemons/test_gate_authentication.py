"""Authentication-Results with real signatures: clients elsewhere (XCLIENT), a zone that our resolver serves."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from bench.signing import SELECTOR, Signer

from mailcenter.engines.unbound import ENGINE as UNBOUND
from tests.harness.clients import HOST, Account, mail, messages, unique
from tests.harness.platform import Platform
from tests.harness.wait import until

DOMAIN = "signed.example"
RIGHT, WRONG = "203.0.113.25", "198.51.100.9"


@pytest.fixture(scope="module")
def signer(platform: Platform) -> Iterator[Signer]:
    """A domain that publishes SPF, a DKIM key and `p=reject`."""
    made = Signer()
    key = made.record()
    records = [
        "$TTL 60\n@ IN SOA ns h 1 3600 600 86400 60\n@ IN NS ns\nns IN A 203.0.113.53",
        f"@ IN A {RIGHT}\n@ IN MX 10 mail\nmail IN A {RIGHT}",
        f'@ IN TXT "v=spf1 ip4:{RIGHT} -all"',
        '_dmarc IN TXT "v=DMARC1; p=reject"',
        f'{SELECTOR}._domainkey IN TXT "{key[:200]}" "{key[200:]}"',
    ]
    zone = platform.paths.state / "zones" / f"{DOMAIN}.zone"
    zone.write_text("\n".join(records) + "\n")
    UNBOUND.reload(platform.settings)
    yield made
    zone.unlink()
    UNBOUND.reload(platform.settings)


def results(
    platform: Platform, who: Account, content: bytes, subject: str, *, client: str, domain: str = DOMAIN
) -> list[str]:
    """Our field's parts, one per method, in the mail as it was delivered (into whichever folder)."""
    with smtplib.SMTP(HOST, platform.port("smtp"), local_hostname=f"mail.{DOMAIN}", timeout=30) as smtp:
        smtp.ehlo()
        assert smtp.docmd("XCLIENT", f"ADDR={client} NAME=mail.{DOMAIN}")[0] == 220
        smtp.ehlo()
        smtp.sendmail(f"a@{domain}", [who.login], content)
    message = until(lambda: delivered(platform, who, subject), f"the mail {subject!r}")
    assert message is not None
    host, *methods = str(message["authentication-results"]).split(";")
    assert host == platform.settings.host_name
    return sorted(" ".join(method.split()) for method in methods)


def delivered(platform: Platform, who: Account, subject: str) -> EmailMessage | None:
    found = (each for folder in ("INBOX", "Junk") for each in messages(platform, who, folder))
    return next((message for message in found if message["subject"] == subject), None)


def letter(subject: str) -> bytes:
    return mail(subject, sender=f"a@{DOMAIN}").as_bytes()


def test_all_pass(platform: Platform, alice: Account, signer: Signer) -> None:
    subject = unique("authentic")
    signed = signer.sign(letter(subject), DOMAIN)
    assert results(platform, alice, signed, subject, client=RIGHT) == [
        f"arc=none smtp.remote-ip={RIGHT}",
        f"dkim=pass header.d={DOMAIN} header.s={SELECTOR}",
        f"dmarc=pass (p=reject dis=none) header.from={DOMAIN}",
        f"spf=pass smtp.mailfrom=a@{DOMAIN}",
    ]


def test_signature_alone_carries_a_forwarded_mail(platform: Platform, alice: Account, signer: Signer) -> None:
    subject = unique("forwarded")
    signed = signer.sign(letter(subject), DOMAIN)
    found = results(platform, alice, signed, subject, client=WRONG)
    assert f"dkim=pass header.d={DOMAIN} header.s={SELECTOR}" in found
    assert f"dmarc=pass (p=reject dis=none) header.from={DOMAIN}" in found
    assert f"spf=fail smtp.mailfrom=a@{DOMAIN}" in found


def test_changed_mail_fails_its_signature(platform: Platform, alice: Account, signer: Signer) -> None:
    subject = unique("changed")
    signed = signer.sign(letter(subject), DOMAIN).replace(b"hello", b"hullo")
    found = results(platform, alice, signed, subject, client=RIGHT)
    assert f"dkim=fail header.d={DOMAIN} header.s={SELECTOR}" in found
    assert f"spf=pass smtp.mailfrom=a@{DOMAIN}" in found


@pytest.mark.parametrize(
    ("record", "word"),
    [
        ("a//64 -all", "fail"),  # the length for IPv6 lets no IPv4 client in
        (f"ip4:{WRONG} all:wrong", "permerror"),
        (f"exists:%{{ir}}.%{{l}}.{DOMAIN} -all", "pass"),
    ],
)
def test_spf_is_our_own_word(platform: Platform, alice: Account, record: str, word: str) -> None:
    name = unique("spf").replace(" ", "-") + ".example"
    zone = platform.paths.state / "zones" / f"{name}.zone"
    reverse = ".".join(reversed(WRONG.split(".")))
    zone.write_text(
        "$TTL 60\n@ IN SOA ns h 1 3600 600 86400 60\n@ IN NS ns\nns IN A 203.0.113.53\n"
        f'@ IN A {RIGHT}\n@ IN MX 10 @\n@ IN TXT "v=spf1 {record.replace(DOMAIN, name)}"\n{reverse}.a IN A 127.0.0.2\n'
    )
    UNBOUND.reload(platform.settings)
    try:
        subject = unique("judged")
        content = mail(subject, sender=f"a@{name}").as_bytes()
        found = results(platform, alice, content, subject, client=WRONG, domain=name)
        assert f"spf={word} smtp.mailfrom=a@{name}" in found
    finally:
        zone.unlink()
        UNBOUND.reload(platform.settings)
