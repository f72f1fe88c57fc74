"""DMARC through the real daemons: clients elsewhere (XCLIENT), zones that our resolver serves, real signatures."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from bench.signing import SELECTOR, Signer

from mailcenter.engines.unbound import ENGINE as UNBOUND
from tests.harness.clients import HOST, Account, mail, unique, wait_for_mail
from tests.harness.platform import START_SECONDS, Platform
from tests.harness.wait import until

CLIENT = "203.0.113.25"
STRICT, SOFT, BROKEN, LISTS = "strict.example", "soft.example", "broken.example", "lists.example"
SEALER = "sealer.example"
POLICIES = {
    STRICT: f'_dmarc IN TXT "v=DMARC1; p=reject; sp=none; np=reject"\nreal IN A {CLIENT}',
    SOFT: '_dmarc IN TXT "v=DMARC1; p=quarantine"',
    BROKEN: "_dmarc IN NS ns.nowhere.test.",  # nobody can answer
    LISTS: f'@ IN TXT "v=spf1 ip4:{CLIENT} -all"',
    SEALER: "",
}


@pytest.fixture(scope="module")
def signer(platform: Platform) -> Iterator[Signer]:
    """Domains that publish a DKIM key and a policy each; only that of the list lets the client send by SPF."""
    made = Signer()
    key = made.record()
    folder = platform.paths.state / "zones"
    for domain, policy in POLICIES.items():
        records = [
            "$TTL 1\n@ IN SOA ns h 1 3600 600 86400 60\n@ IN NS ns\nns IN A 203.0.113.53",
            "@ IN MX 10 mail\nmail IN A 203.0.113.80",
            f'{SELECTOR}._domainkey IN TXT "{key[:200]}" "{key[200:]}"',
            policy,
        ]
        (folder / f"{domain}.zone").write_text("\n".join(records) + "\n")
    UNBOUND.reload(platform.settings)
    yield made
    for domain in POLICIES:
        (folder / f"{domain}.zone").unlink()
    UNBOUND.reload(platform.settings)


@pytest.fixture
def trusting(platform: Platform) -> Iterator[Platform]:
    """The platform believes the sealer."""
    before = platform.config.read_text()
    assert "[gate]\n" in before
    platform.config.write_text(before.replace("[gate]\n", f'[gate]\ntrusted_arc_sealers = ["{SEALER}"]\n'))
    try:
        platform.mailcenter("up", timeout=START_SECONDS)
        yield platform
    finally:
        platform.config.write_text(before)
        platform.mailcenter("up", timeout=START_SECONDS)


def send(platform: Platform, to: Account, content: bytes, sender: str = f"bounce@{LISTS}") -> tuple[int, str]:
    """Send from the client of the list; the answer at the end."""
    with smtplib.SMTP(HOST, platform.port("smtp"), local_hostname="mail.other.example", timeout=30) as smtp:
        smtp.ehlo()
        assert smtp.docmd("XCLIENT", f"ADDR={CLIENT} NAME=mail.other.example")[0] == 220
        smtp.ehlo()
        assert smtp.mail(sender)[0] == 250
        assert smtp.rcpt(to.login)[0] == 250
        code, text = smtp.data(content)
        return code, text.decode()


def letter(subject: str, author: str, *fields: str) -> bytes:
    message = mail(subject, sender=author)
    message.replace_header("Date", format_datetime(datetime.now(UTC)))  # no points for a wrong clock
    return "".join(f"{field}\r\n" for field in fields).encode() + message.as_bytes()


def refusal(author: str, domain: str, request: str) -> str:
    said = f"5.7.1 neither SPF nor DKIM proves the author's domain {author}: DMARC policy of {domain} ({request})"
    return re.escape(said) + r" \[[0-9a-hjkmnp-tv-z]{13}\].*"


def test_a_proven_author_is_delivered(platform: Platform, alice: Account, signer: Signer) -> None:
    subject = unique("proven")
    content = signer.sign(letter(subject, f"a@{STRICT}"), STRICT)
    assert send(platform, alice, content)[0] == 250
    message = wait_for_mail(platform, alice, subject)
    found = str(message["authentication-results"])
    assert f"dmarc=pass (p=reject dis=none) header.from={STRICT}" in found
    assert message["x-mailcenter-quarantine"] is None


def test_a_disowned_mail_is_refused(platform: Platform, alice: Account, signer: Signer) -> None:
    forged = signer.sign(letter(unique("forged"), f"a@{STRICT}"), STRICT).replace(b"hello", b"hullo")
    code, text = send(platform, alice, forged)
    assert code == 550
    assert re.fullmatch(refusal(STRICT, STRICT, "p=reject"), text)


@pytest.mark.usefixtures("signer")
def test_a_subdomain_that_does_not_exist_is_refused(platform: Platform, alice: Account) -> None:
    code, text = send(platform, alice, letter(unique("invented"), f"a@invented.{STRICT}"))
    assert code == 550
    assert re.fullmatch(refusal(f"invented.{STRICT}", STRICT, "np=reject"), text)
    assert send(platform, alice, letter(unique("real"), f"a@real.{STRICT}"))[0] == 250


@pytest.mark.usefixtures("signer")
def test_quarantine_means_junk(platform: Platform, alice: Account) -> None:
    subject = unique("doubtful")
    content = letter(subject, f"a@{SOFT}", "X-Mailcenter-Quarantine: forged")
    assert send(platform, alice, content)[0] == 250
    message = wait_for_mail(platform, alice, subject, "Junk")
    assert message.get_all("x-mailcenter-quarantine") == ["dmarc"]
    assert f"dmarc=fail (p=quarantine dis=quarantine) header.from={SOFT}" in str(message["authentication-results"])


def test_a_list_with_a_signature_of_its_own_is_not_refused(platform: Platform, alice: Account, signer: Signer) -> None:
    subject = unique("listed")
    content = signer.sign(letter(subject, f"a@{STRICT}", f"List-Id: <talk.{LISTS}>"), LISTS)
    assert send(platform, alice, content)[0] == 250
    message = wait_for_mail(platform, alice, subject, "Junk")
    assert f"dmarc=fail (p=reject dis=quarantine) header.from={STRICT}" in str(message["authentication-results"])


def test_a_list_that_came_with_good_mail_before_is_believed(platform: Platform, alice: Account, signer: Signer) -> None:
    """Its own posts are proven; then a post of an author whose domain it breaks goes where he wants it."""
    list_id = f"List-Id: <{unique('list').replace(' ', '-')}.{LISTS}>"
    first = unique("announcement")
    assert send(platform, alice, signer.sign(letter(first, f"owner@{LISTS}", list_id), LISTS))[0] == 250
    wait_for_mail(platform, alice, first)

    def arrives() -> bool:
        bounces = f"{unique('bounce').replace(' ', '-')}@{LISTS}"
        post = signer.sign(letter(unique("post"), f"a@{STRICT}", list_id), LISTS)
        assert send(platform, alice, post, bounces)[0] == 250
        trace = until(lambda: platform.json("trace", bounces), "the ledger to know")
        return not any(recipient["junk"] for recipient in trace[0]["recipients"])

    until(arrives, "the list to be known", timeout=60)


@pytest.mark.usefixtures("signer")
def test_without_an_answer_of_the_dns_the_mail_is_to_come_again(platform: Platform, alice: Account) -> None:
    code, text = send(platform, alice, letter(unique("unanswered"), f"a@{BROKEN}"))
    assert code == 451
    assert text.startswith(f"4.4.3 the DNS does not answer about domain {BROKEN}, try again later [")


def test_what_a_trusted_sealer_saw_pass_is_delivered(trusting: Platform, alice: Account, signer: Signer) -> None:
    """With the reason in the ledger, for reports; a broken seal, or one of anybody else, helps nobody."""
    subject = unique("forwarded")
    seen = f"dmarc=pass header.from={STRICT}"
    content = letter(subject, f"a@{STRICT}")
    for useless in (signer.seal(content, SEALER, seen).replace(b"hello", b"hullo"), signer.seal(content, SOFT, seen)):
        assert send(trusting, alice, useless)[0] == 550
    assert send(trusting, alice, signer.seal(content, SEALER, seen))[0] == 250
    reference = str(wait_for_mail(trusting, alice, subject)["x-mailcenter-reference"])
    until(lambda: trusting.mailcenter("trace", reference, check=False).returncode == 0, "the ledger to know")
    (told,) = trusting.json("trace", reference)
    evaluated = told["facts"]["dmarc"]["policy_evaluated"]
    assert evaluated["disposition"] == "none"
    reason = {"type": "trusted_forwarder", "comment": f"arc=pass, sealed by {SEALER}, which saw dmarc=pass"}
    assert evaluated["reason"] == [reason]
