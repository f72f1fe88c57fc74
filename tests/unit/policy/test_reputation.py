"""The rules about a client's and a sender's reputation: a table of what is known and what is answered."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from mailcenter.mail.address import Address
from mailcenter.policy import table
from mailcenter.policy.facts import RcptFacts
from mailcenter.policy.facts_client import ClientFacts, Listing
from mailcenter.policy.rule import first_objection
from tests.unit.policy.known import MAIL, MX, RCPT

GOOD = ClientFacts("mail.a.test", fcrdns=True)
ONE = Listing("one.example", 1.0)
TWO = Listing("two.example", 1.5)
LIGHT = Listing("light.example", 0.5)
ALLOWED = Listing("good.example", 1.0)


def from_client(client: ClientFacts | None = GOOD, **mail: Any) -> RcptFacts:
    return replace(RCPT, mail=replace(MAIL, session=replace(MX, client=client), **mail))


def about(**client: Any) -> RcptFacts:
    return from_client(replace(GOOD, **client))


CASES: list[tuple[RcptFacts, tuple[str, int, str] | None]] = [
    (from_client(), None),
    (from_client(None), None),
    (about(helo_faults=("own-name",)), ("helo", 550, "5.7.1")),
    (about(helo_faults=("bare-address",)), ("helo", 550, "5.7.1")),
    (about(helo_faults=("wrong-literal",)), ("helo", 550, "5.7.1")),
    (about(helo_faults=("dynamic-pool",)), None),
    (about(helo_faults=("own-name",), dnswl=(ALLOWED,)), None),
    (about(dnsbl=(ONE,)), ("dnsbl", 421, "4.7.1")),
    (about(dnsbl=(LIGHT,)), None),
    (about(dnsbl=(LIGHT,), helo_faults=("dynamic-pool",)), ("dnsbl", 421, "4.7.1")),
    (about(dnsbl=(ONE, TWO)), ("dnsbl", 554, "5.7.1")),
    (about(dnsbl=(TWO,), helo_faults=("dynamic-pool",)), ("dnsbl", 554, "5.7.1")),
    (about(dnsbl=(Listing("sure.example", 2.0),)), ("dnsbl", 554, "5.7.1")),
    (about(dnsbl=(ONE,), dnswl=(ALLOWED,)), None),
    (about(dnsbl=(ONE, TWO), dnswl=(ALLOWED,)), ("dnsbl", 421, "4.7.1")),
    (about(unanswered=("one.example",)), None),
    (about(dnsbl=(TWO,), unanswered=("one.example",)), ("dnsbl", 421, "4.7.1")),
    (about(unanswered=("one.example",), resolver_dead=True), ("dnsbl", 451, "4.4.3")),
    (about(ptr="", fcrdns=False, reverse="missing"), ("reverse-dns", 550, "5.7.25")),
    (about(fcrdns=False, reverse="unconfirmed"), ("reverse-dns", 550, "5.7.25")),
    (about(ptr="", fcrdns=False, reverse="unanswered"), ("reverse-dns", 451, "4.4.3")),
    (about(ptr="", fcrdns=False, reverse="missing", dnswl=(ALLOWED,)), None),
    (from_client(sender_domain="missing"), ("sender-domain", 550, "5.1.8")),
    (from_client(sender_domain="takes-no-mail"), ("sender-domain", 550, "5.7.27")),
    (from_client(sender_domain="unanswered"), ("sender-domain", 451, "4.4.3")),
    (from_client(sender_domain="missing", mail_from=None), None),
]


@pytest.mark.parametrize(("facts", "expected"), CASES)
def test_rule(facts: RcptFacts, expected: tuple[str, int, str] | None) -> None:
    objection = first_objection(table.REPUTATION, facts)
    assert (objection and (objection.rule, objection.reply.code, objection.reply.enhanced)) == expected


@pytest.mark.parametrize(("facts", "expected"), CASES)
def test_postmaster_and_clients_always_let_through_are_spared(
    facts: RcptFacts, expected: tuple[str, int, str] | None
) -> None:
    assert first_objection(table.REPUTATION, replace(facts, rcpt_to=Address("Postmaster", "demo.example"))) is None
    spared = replace(facts.mail, session=replace(facts.mail.session, network="allow"))
    assert first_objection(table.REPUTATION, replace(facts, mail=spared)) is None


def test_the_reply_names_address_and_lists() -> None:
    refused = first_objection(table.REPUTATION, about(dnsbl=(ONE, TWO)))
    assert refused is not None
    assert refused.reply.text == "ip address 192.0.2.1 is blacklisted (two.example, one.example)"
