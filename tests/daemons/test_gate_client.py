"""Clients elsewhere (XCLIENT) and the DNS: lists, reverse names, greetings, senders' domains, a resolver that fails."""

from __future__ import annotations

import re
import secrets
import smtplib
from collections.abc import Iterator

import pytest

from tests.harness import dns
from tests.harness.clients import HOST, OUTSIDE, Account, mail, send_from_outside, unique, wait_for_mail
from tests.harness.platform import Platform
from tests.harness.wait import until

NETWORK = "192.0.2"
GOOD, LISTED, TWICE, ALLOWED, DIFFERENT, UNNAMED = (f"{NETWORK}.{last}" for last in (10, 13, 14, 15, 16, 20))
NAMED = (GOOD, LISTED, TWICE, ALLOWED)
BLOCK, MORE, ALLOW = "block.lists.example", "block.more-lists.example", "allow.lists.example"
LINK = r"( https://\S+)?"


def name_of(address: str) -> str:
    return f"mail-{dns.last_octet(address)}.clients.example"


ZONES = {
    "2.0.192.in-addr.arpa": {
        **{dns.last_octet(address): f"PTR {name_of(address)}." for address in (*NAMED, DIFFERENT)},
    },
    "clients.example": {
        **{f"mail-{dns.last_octet(address)}": f"A {address}" for address in NAMED},
        f"mail-{dns.last_octet(DIFFERENT)}": "A 203.0.113.99",
    },
    BLOCK: {dns.listing(address): dns.LISTED for address in (LISTED, TWICE, ALLOWED)},
    MORE: {dns.listing(TWICE): dns.LISTED},
    ALLOW: {dns.listing(ALLOWED): dns.LISTED},
    "null-mx.example": {"@": "MX 0 ."},
    "no-mail.example": {"@": 'TXT "neither MX nor address"'},
    "broken.example": dns.unanswered("inside"),
}


@pytest.fixture(scope="module", autouse=True)
def zones(platform: Platform) -> Iterator[None]:
    with dns.served(platform, ZONES):
        yield


def answer(
    platform: Platform,
    client: str,
    *,
    to: str = "alice@demo.example",
    sender: str = OUTSIDE,
    helo: str = "mail.clients.example",
) -> tuple[int, str]:
    """The reply to RCPT."""
    with smtplib.SMTP(HOST, platform.port("smtp"), local_hostname=helo, timeout=40) as smtp:
        smtp.ehlo()
        assert smtp.docmd("XCLIENT", f"ADDR={client} NAME=mail.clients.example")[0] == 220
        smtp.ehlo()
        assert smtp.mail(sender)[0] == 250
        code, text = smtp.rcpt(to)
        return code, text.decode()


@pytest.mark.parametrize(
    ("client", "code", "text"),
    [
        (LISTED, 421, rf"4\.7\.1 ip address {LISTED} is blacklisted \({BLOCK}\)"),
        (TWICE, 554, rf"5\.7\.1 ip address {TWICE} is blacklisted \({BLOCK}, {MORE}\)"),
        (UNNAMED, 550, rf"5\.7\.25 ip address {UNNAMED} has no name by reverse DNS"),
        (DIFFERENT, 550, rf"5\.7\.25 the name {name_of(DIFFERENT)} of ip address {DIFFERENT} does not lead back to it"),
    ],
)
def test_refused_client_is_told_why(platform: Platform, client: str, code: int, text: str) -> None:
    said, words = answer(platform, client)
    assert said == code
    assert re.fullmatch(rf"{text} \[[0-9a-z]{{13}}\]{LINK}", words), words


@pytest.mark.parametrize("client", [GOOD, ALLOWED])
def test_client_gets_through(platform: Platform, client: str) -> None:
    assert answer(platform, client)[0] == 250


@pytest.mark.parametrize("client", [LISTED, TWICE, UNNAMED, DIFFERENT])
@pytest.mark.parametrize("local_part", ["postmaster", "abuse+x"])
def test_a_human_is_always_reached(platform: Platform, client: str, local_part: str) -> None:
    host = platform.settings.host_name
    assert answer(platform, client, to=f"{local_part}@{host}", sender="a@null-mx.example")[0] == 250


@pytest.mark.parametrize(
    ("helo", "code"),
    [("mail.demo.example", 550), (GOOD, 550), ("[198.51.100.1]", 550), (f"[{GOOD}]", 250), ("dsl-2-10.x.example", 250)],
)
def test_false_greetings_are_refused(platform: Platform, helo: str, code: int) -> None:
    said, text = answer(platform, GOOD, helo=helo)
    assert (said, helo in text) == (code, code == 550)


@pytest.mark.parametrize(
    ("sender", "code", "enhanced"),
    [
        ("a@clients.example", 550, "5.1.8"),
        ("a@mail-10.clients.example", 250, "2.1.5"),
        ("a@null-mx.example", 550, "5.7.27"),
        ("a@no-mail.example", 550, "5.1.8"),
        ("a@gone.no-mail.example", 550, "5.1.8"),
        ("a@inside.broken.example", 451, "4.4.3"),
        ("", 250, "2.1.5"),
    ],
)
def test_senders_domain(platform: Platform, sender: str, code: int, enhanced: str) -> None:
    said, text = answer(platform, GOOD, sender=sender)
    assert (said, text.split(" ")[0]) == (code, enhanced)


def test_silent_resolver_only_defers_and_all_recovers(platform: Platform) -> None:
    with dns.silent_resolver(platform):
        # of UNNAMED the gate may still remember that it has no name; of another it cannot know yet
        for client in (GOOD, LISTED, TWICE, f"{NETWORK}.{100 + secrets.randbelow(100)}"):
            code, text = answer(platform, client)
            assert (code, text.split(" ")[0]) == (451, "4.4.3")
        assert answer(platform, GOOD, to="nobody@demo.example")[0] == 550
    until(lambda: answer(platform, GOOD)[0] == 250, "the good client to be let in again", timeout=30)
    assert answer(platform, TWICE)[0] == 554


def test_killed_resolver_comes_back(platform: Platform, alice: Account) -> None:
    dns.kill_resolver(platform)
    until(lambda: answer(platform, GOOD)[0] == 250, "the good client to be let in again", timeout=60)
    assert answer(platform, UNNAMED)[0] == 550
    subject = unique("resolver back")
    until(lambda: _sent(platform, subject, alice.login), "a mail to be taken", timeout=60)
    wait_for_mail(platform, alice, subject)


def test_list_that_fails_is_left_out(platform: Platform) -> None:
    (platform.paths.state / "zones" / f"{MORE}.zone").rename(kept := platform.paths.state / "kept.zone")
    try:
        with dns.served(platform, {"more-lists.example": dns.unanswered("block")}):
            until(lambda: answer(platform, TWICE)[0] == 421, "one listing only to count")
            assert answer(platform, GOOD)[0] == 250
    finally:
        kept.rename(platform.paths.state / "zones" / f"{MORE}.zone")


def _sent(platform: Platform, subject: str, recipient: str) -> bool:
    try:
        send_from_outside(platform, mail(subject), [recipient])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused):
        return False
    return True
