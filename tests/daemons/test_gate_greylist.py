"""Greylisting through the real daemons: who is put off, who comes back, who is known."""

from __future__ import annotations

import secrets
import smtplib
from collections.abc import Iterator

import pytest

from tests.daemons.test_gate_lists import client_at, listed_network, listed_sender
from tests.daemons.test_gate_rates import figures
from tests.harness import dns
from tests.harness.clients import Account, logged_in, mail, send_from_outside, unique, wait_for_mail
from tests.harness.parts import family, stopped
from tests.harness.platform import Platform
from tests.harness.remote import REMOTE_DOMAIN, RemoteSite
from tests.harness.wait import until

DOMAIN = "greylisted.example"
LISTED = "198.51.101.7"
_SPF = 'TXT "v=spf1 ip4:198.18.0.0/15 -all"'
ZONES: dict[str, dict[str, str]] = {
    DOMAIN: {"@": f"{_SPF}\n@ MX 10 mail", "mail": "A 198.18.0.25"},
    "allow.lists.example": {dns.listing(LISTED): dns.LISTED},
}


@pytest.fixture(scope="module", autouse=True)
def zones(platform: Platform) -> Iterator[None]:
    with dns.served(platform, ZONES):
        yield


@pytest.fixture
def client() -> str:
    """One that nobody has seen, in a neighbourhood of its own."""
    return f"198.{18 + secrets.randbelow(2)}.{secrets.randbelow(256)}.7"


@pytest.fixture
def stranger() -> str:
    """One that nobody has seen either, and that no SPF record here names."""
    return f"100.{64 + secrets.randbelow(64)}.{secrets.randbelow(256)}.7"


def new_sender(domain: str = "other.example") -> str:
    return f"{unique('s').replace(' ', '-')}@{domain}"


def rcpt(platform: Platform, client: str, sender: str, recipient: str = "alice@demo.example") -> tuple[int, str]:
    with client_at(platform, client) as smtp:
        assert smtp.mail(sender)[0] == 250
        code, text = smtp.rcpt(recipient)
        return code, text.decode()


def send(platform: Platform, client: str, sender: str, recipient: str = "alice@demo.example") -> tuple[int, str]:
    """The reply to the whole mail, or to the recipient where he is refused."""
    with client_at(platform, client) as smtp:
        try:
            smtp.sendmail(sender, [recipient], mail(unique("greylist"), sender=sender, to=recipient).as_bytes())
        except smtplib.SMTPRecipientsRefused as refused:
            ((code, text),) = refused.recipients.values()
            return code, text.decode()
        except smtplib.SMTPDataError as refused:
            error = refused.smtp_error
            return refused.smtp_code, error.decode() if isinstance(error, bytes) else error
    return 250, ""


def is_put_off(answer: tuple[int, str]) -> bool:
    return answer[0] == 451 and answer[1].startswith("4.7.1 greylisted, try again in ")


@pytest.fixture(scope="module", autouse=True)
def short_wait(platform: Platform) -> Iterator[None]:
    with figures(platform, "greylist", wait=1):
        probe = f"198.{18 + secrets.randbelow(2)}.{secrets.randbelow(256)}.9"
        until(lambda: is_put_off(rcpt(platform, probe, new_sender())), "the greylist to be on")
        yield


def test_unknown_client_is_put_off_then_taken_then_known(platform: Platform, client: str, alice: Account) -> None:
    sender = new_sender()
    assert is_put_off(send(platform, client, sender))
    until(lambda: send(platform, client, sender)[0] == 250, "the second try to be taken")
    neighbour = client.removesuffix(".7") + ".8"
    until(
        lambda: rcpt(platform, neighbour, new_sender(), "bob@demo.example")[0] == 250,
        "the neighbourhood to be known, for whatever sender and recipient",
    )


def test_client_that_never_comes_back_in_time_gains_nothing(platform: Platform, client: str) -> None:
    for _ in range(3):
        assert is_put_off(rcpt(platform, client, new_sender()))


def test_a_dns_list_of_good_clients_spares(platform: Platform) -> None:
    assert rcpt(platform, LISTED, new_sender())[0] == 250


def test_networks_let_through_and_humans_are_spared(platform: Platform, client: str) -> None:
    assert rcpt(platform, client, new_sender(), f"abuse@{platform.settings.host_name}")[0] == 250
    with listed_network(platform, "allow"):
        until(lambda: rcpt(platform, "198.51.100.7", new_sender())[0] == 250, "the network to be let through")


def test_whom_we_wrote_to_is_expected(platform: Platform, alice: Account, client: str, remote: RemoteSite) -> None:
    friend = new_sender(REMOTE_DOMAIN)
    with logged_in(platform, alice) as smtp:
        smtp.sendmail(alice.login, [friend], mail(unique("hello"), sender=alice.login, to=friend).as_bytes())
    until(
        lambda: rcpt(platform, client, friend, "bob@demo.example")[0] == 250, "the answer to be expected at the domain"
    )
    assert is_put_off(rcpt(platform, client, new_sender(REMOTE_DOMAIN)))


def test_good_domain_is_spared_where_it_is_proven(platform: Platform, client: str, stranger: str) -> None:
    """Its mail must have been good; a forger of its name, and a stranger, wait like all."""
    with figures(platform, "greylist", good_mails=2):
        until(lambda: _becomes_good(platform), "the domain to be known as good", timeout=60)
        assert send(platform, client, new_sender(DOMAIN))[0] == 250
        forged = send(platform, stranger, new_sender(DOMAIN))
        assert is_put_off(forged), forged


def _becomes_good(platform: Platform) -> bool:
    """A mail of the domain from a client that waits; whether a new client of it is let through RCPT by now."""
    client = f"198.18.{secrets.randbelow(256)}.11"
    sender = new_sender(DOMAIN)
    if not is_put_off(send(platform, client, sender)):
        return rcpt(platform, f"198.19.{secrets.randbelow(256)}.12", new_sender(DOMAIN))[0] == 250
    until(lambda: send(platform, client, sender)[0] == 250, "a mail of the domain to be taken")
    return False


def test_allowed_sender_is_spared_where_he_is_proven(platform: Platform, client: str, stranger: str) -> None:
    allowed = new_sender(DOMAIN)
    with listed_sender(platform, allowed, "allow", "--mailbox", "alice@demo.example"):
        until(lambda: rcpt(platform, client, allowed)[0] == 250, "the entry to be known")
        assert send(platform, client, allowed)[0] == 250
        forged = send(platform, stranger, allowed)
        assert is_put_off(forged), forged


def test_the_ledger_tells_how_it_stood(platform: Platform, client: str) -> None:
    sender = new_sender()
    rcpt(platform, client, sender)
    row = until(lambda: next(iter(platform.json("trace", sender)), None), "the ledger to know")
    assert (row["rule"], row["facts"]["greylist"]) == ("greylist", {"alice@demo.example": "put-off"})


def test_loopback_is_never_put_off(platform: Platform, alice: Account) -> None:
    subject = unique("from here")
    send_from_outside(platform, mail(subject), [alice.login])
    wait_for_mail(platform, alice, subject)


def test_halted_redis_puts_off_with_another_word(platform: Platform, client: str) -> None:
    with stopped(family(platform, "redis")):
        code, text = rcpt(platform, client, new_sender())
        assert (code, text.split(" ")[0]) == (451, "4.3.0")
    until(lambda: is_put_off(rcpt(platform, client, new_sender())), "the greylist to be back")
