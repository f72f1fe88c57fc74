"""What is asked about clients and senders' domains, and what becomes of the answers in a session."""

from __future__ import annotations

import asyncio

import pytest

from mailcenter.policy.dns_lists.answers import DnsList
from mailcenter.policy.facts_client import ClientFacts, Listing
from mailcenter.serve.gate.client import Clients, is_judged
from mailcenter.serve.gate.ports import UnavailableError
from tests.unit.serve.gate.fake_dns import FakeDns, Records
from tests.unit.serve.gate.world import Dialogue, World, reply

CLIENT = "192.0.2.1"
NAMED: Records = {
    "PTR 1.2.0.192.in-addr.arpa": ("mail.b.test",),
    "A mail.b.test": (CLIENT,),
    "MX b.test": ("10 mail.b.test",),
}
BAD = DnsList("bad.example")
WORSE = DnsList("worse.example")
GOOD = DnsList("good.example", "allow", codes=(("127.0.*.2", 1.0),))
LISTED: Records = {"A 1.2.0.192.bad.example": ("127.0.0.2",)}


def about_client(dns: FakeDns, *lists: DnsList, dead: bool = False, offline: bool = False) -> ClientFacts:
    async def canary() -> None:
        if dead:
            raise UnavailableError("resolver", "is dead")

    return asyncio.run(Clients(dns, lists, canary, offline=offline).client(CLIENT))


def about_domain(dns: FakeDns, domain: str = "b.test", *, offline: bool = False) -> str:
    async def canary() -> None:
        return None

    return asyncio.run(Clients(dns, (), canary, offline=offline).sender_domain(domain))


def test_forward_confirmed() -> None:
    assert about_client(FakeDns(NAMED)) == ClientFacts("mail.b.test", fcrdns=True)


def test_any_of_the_names_will_do() -> None:
    names = {"PTR 1.2.0.192.in-addr.arpa": ("other.test", "mail.b.test")}
    assert about_client(FakeDns(NAMED | names)).ptr == "mail.b.test"


def test_name_that_leads_elsewhere() -> None:
    found = about_client(FakeDns(NAMED | {"A mail.b.test": ("192.0.2.2",)}))
    assert (found.ptr, found.fcrdns, found.reverse) == ("mail.b.test", False, "unconfirmed")


def test_no_name() -> None:
    assert about_client(FakeDns()).reverse == "missing"


@pytest.mark.parametrize(("records", "fault"), [({}, ""), ({"PTR 9.2.0.192.in-addr.arpa": ("x.test",)}, "missing")])
def test_offline_a_name_is_missing_only_in_a_zone_that_is_served(records: Records, fault: str) -> None:
    assert about_client(FakeDns(records), offline=True).reverse == fault


@pytest.mark.parametrize("failing", ["1.2.0.192.in-addr.arpa", "mail.b.test"])
def test_no_answer_is_no_missing_name(failing: str) -> None:
    assert about_client(FakeDns(NAMED, {failing})).reverse == "unanswered"


def test_lists() -> None:
    records = NAMED | LISTED | {"A 1.2.0.192.good.example": ("127.0.4.2",)}
    found = about_client(FakeDns(records), BAD, WORSE, GOOD)
    assert (found.dnsbl, found.dnswl) == ((Listing("bad.example", 1.0),), (Listing("good.example", 1.0),))
    assert found.unanswered == ()


@pytest.mark.parametrize("dead", [False, True])
def test_dead_list_is_left_out(dead: bool) -> None:
    found = about_client(FakeDns(NAMED | LISTED, {"worse.example"}), BAD, WORSE, dead=dead)
    assert found.dnsbl == (Listing("bad.example", 1.0),)
    assert (found.unanswered, found.resolver_dead) == (("worse.example",), dead)


def test_list_that_refuses_our_question_gives_no_answer() -> None:
    assert about_client(FakeDns({"A 1.2.0.192.bad.example": ("127.255.255.254",)}), BAD).unanswered == ("bad.example",)


@pytest.mark.parametrize(
    ("records", "fault"),
    [
        ({"MX b.test": ("10 mail.b.test",)}, ""),
        ({"A b.test": ("192.0.2.1",)}, ""),
        ({"AAAA b.test": ("2001:db8::1",)}, ""),
        ({"MX b.test": ("0 ",)}, "takes-no-mail"),
        ({}, "missing"),
    ],
)
def test_sender_domain(records: Records, fault: str) -> None:
    assert about_domain(FakeDns(records)) == fault


def test_sender_domain_without_answer() -> None:
    assert about_domain(FakeDns(failing={"b.test"})) == "unanswered"


@pytest.mark.parametrize(
    ("domain", "fault"), [("b.test", ""), ("gone.c.test", "missing"), ("c.test", "missing"), ("gone.test", "")]
)
def test_sender_domain_offline(domain: str, fault: str) -> None:
    assert about_domain(FakeDns({"TXT c.test": ("x",)}), domain, offline=True) == fault


@pytest.mark.parametrize(
    ("address", "judged"), [("127.0.0.1", False), ("::1", False), ("", False), ("unknown", False), ("10.0.0.1", True)]
)
def test_who_is_judged(address: str, judged: bool) -> None:
    assert is_judged(address) is judged


def world(records: Records, failing: set[str] | None = None) -> World:
    return World(dns=FakeDns(records, failing or set()), dns_lists=(BAD, WORSE), offline=False)


def test_good_client_gets_through_and_the_ledger_knows_it() -> None:
    made = world(NAMED)
    dialogue = Dialogue(made)
    assert reply(dialogue.mail()) == (250, "")
    assert reply(dialogue.rcpt()) == (250, "")
    assert reply(dialogue.message())[0] == 250
    assert made.records[0].facts["client"] == {
        "ptr": "mail.b.test",
        "fcrdns": True,
        "helo_faults": [],
        "dnsbl": [],
        "dnswl": [],
    }


def test_listed_client_is_told_at_rcpt() -> None:
    made = world(NAMED | LISTED)
    dialogue = Dialogue(made)
    assert reply(dialogue.mail()) == (250, "")
    code, text = reply(dialogue.rcpt())
    assert code == 421
    assert text.startswith(f"4.7.1 ip address {CLIENT} is blacklisted (bad.example) [")
    dialogue.abort()
    (record,) = made.records
    assert (record.verdict, record.recipients[0].rule) == ("defer", "dnsbl")
    assert record.facts["client"]["dnsbl"] == [{"list": "bad.example", "weight": 1.0}]


def test_listed_client_reaches_a_domains_postmaster() -> None:
    dialogue = Dialogue(world(NAMED | LISTED))
    dialogue.mail()
    assert reply(dialogue.rcpt("<postmaster@demo.example>")) == (250, "")


def test_unknown_recipient_costs_no_waiting_for_the_dns() -> None:
    dialogue = Dialogue(world({}))
    dialogue.mail()
    assert reply(dialogue.rcpt("<nobody@demo.example>"))[1].startswith("5.1.1")


def test_dead_dns_only_defers() -> None:
    made = world(NAMED, {"*"})
    made.down.add("resolver")
    dialogue = Dialogue(made)
    dialogue.mail()
    assert reply(dialogue.rcpt())[0] == 451
    made.dns.failing.clear()
    made.down.clear()
    again = Dialogue(made)
    again.mail()
    assert reply(again.rcpt()) == (250, "")


def test_own_users_are_not_asked_about() -> None:
    made = world({})
    dialogue = Dialogue(made, service="submission", login="alice@demo.example")
    assert reply(dialogue.mail("<alice@demo.example>")) == (250, "")
    assert reply(dialogue.rcpt()) == (250, "")
    assert made.dns.asked == []
