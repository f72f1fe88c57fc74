"""The short-lived memory in the dialogue: when it is asked, what is told, and what becomes of mail without it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mailcenter.policy.bans import Ban
from mailcenter.policy.facts_memory import MemoryFacts
from mailcenter.policy.networks import NetworkList
from mailcenter.policy.platform_book import DEFAULT_BOOK, rule_book
from mailcenter.policy.rulebook import RuleChange
from mailcenter.serve.gate.ports import Findings
from mailcenter.serve.gate.ports_memory import Merits
from tests.unit.serve.gate.world import START, Dialogue, World, reply


def test_too_many_mails_are_deferred_and_recorded() -> None:
    world = World(memories=MemoryFacts(client_mails=2001, sender_mails=7, recipient_mails=3))
    dialogue = Dialogue(world)
    dialogue.mail()
    code, text = reply(dialogue.rcpt())
    assert (code, text.partition(" [")[0]) == (451, "4.7.1 too many mails from ip address 192.0.2.1")
    dialogue.abort()
    (record,) = world.records
    assert (record.verdict, record.rule) == ("defer", "rate")
    assert record.facts["rates"] == {"client": 2001, "sender": 7, "recipient": 3}


def test_a_mail_is_counted_once() -> None:
    world = World()
    dialogue = Dialogue(world)
    dialogue.mail()
    for recipient in ("<alice@demo.example>", "<bob@demo.example>"):
        assert reply(dialogue.rcpt(recipient)) == (250, "")
    assert [(str(tried.rcpt_to), tried.first, tried.window) for tried in world.tries] == [
        ("alice@demo.example", True, 600),
        ("bob@demo.example", False, 600),
    ]


@pytest.mark.parametrize("recipient", ["<nobody@demo.example>", "<postmaster@mx.demo.example>", "<x@other.example>"])
def test_nothing_is_asked_where_nothing_depends_on_it(recipient: str) -> None:
    world = World(down={"redis"})
    dialogue = Dialogue(world)
    dialogue.mail()
    code, _ = reply(dialogue.rcpt(recipient))
    assert code in (250, 550)


def test_nothing_is_asked_about_our_users_or_for_rules_that_are_off() -> None:
    world = World(down={"redis"})
    dialogue = Dialogue(world, service="submission", login="alice@demo.example")
    dialogue.mail("<alice@demo.example>")
    assert reply(dialogue.rcpt("<bob@demo.example>")) == (250, "")
    world.rules = rule_book({}, [RuleChange("rate", False), RuleChange("greylist", False)])
    dialogue = Dialogue(world)
    dialogue.mail()
    assert reply(dialogue.rcpt()) == (250, "")


def test_nothing_is_asked_about_networks_let_through() -> None:
    world = World(down={"redis"}, network_list=NetworkList([("192.0.2.0/24", "allow")]))
    dialogue = Dialogue(world)
    dialogue.mail()
    assert reply(dialogue.rcpt()) == (250, "")


def test_without_memory_mail_is_deferred() -> None:
    world = World(down={"redis"})
    dialogue = Dialogue(world)
    dialogue.mail()
    code, text = reply(dialogue.rcpt())
    assert (code, text.partition(" [")[0]) == (451, "4.3.0 temporary failure here, try again later")
    dialogue.abort()
    assert (world.records[0].verdict, world.records[0].rule) == ("defer", "unavailable-redis")


# --- greylisting


def ends(world: World) -> list[tuple[str, Merits | None]]:
    return [(record.verdict, merits) for record, merits in world.observed]


def test_first_try_of_an_unknown_client_is_put_off() -> None:
    world = World(memories=MemoryFacts(waited=0.0), rules=DEFAULT_BOOK)
    dialogue = Dialogue(world)
    dialogue.mail()
    code, text = reply(dialogue.rcpt())
    assert (code, text.partition(" [")[0]) == (451, "4.7.1 greylisted, try again in 60 seconds")
    dialogue.abort()
    (record,) = world.records
    assert (record.rule, record.facts["greylist"]) == ("greylist", {"alice@demo.example": "put-off"})
    assert ends(world) == [("defer", None)]


@pytest.mark.parametrize(("authenticated", "code"), [({"b.test"}, 250), ({"test-mail.test"}, 451), (set(), 451)])
def test_good_domain_is_not_put_off_where_it_is_proven(authenticated: set[str], code: int) -> None:
    world = World(memories=MemoryFacts(waited=0.0, domain_good=5), rules=DEFAULT_BOOK)
    world.findings = Findings(0.5, authenticated=frozenset(authenticated), list_key="b.test list.b.test")
    dialogue = Dialogue(world)
    dialogue.mail()
    assert reply(dialogue.rcpt()) == (250, "")
    assert reply(dialogue.message())[0] == code
    (record,) = world.records
    assert record.facts["greylist"] == {"alice@demo.example": "proof-owed"}
    if code == 250:
        assert ends(world) == [("accept", Merits(domain="b.test", list_key="b.test list.b.test"))]
    else:
        assert (record.rule, record.verdict) == ("greylist-proof", "defer")
        assert ends(world) == [("defer", None)]


def test_client_that_came_back_is_praised() -> None:
    world = World(memories=MemoryFacts(waited=61.0), rules=DEFAULT_BOOK)
    dialogue = Dialogue(world)
    dialogue.mail()
    dialogue.rcpt()
    assert reply(dialogue.message())[0] == 250
    assert ends(world) == [("accept", Merits(came_back=True))]


def test_suspicious_mail_has_no_merits() -> None:
    world = World(findings=Findings(7.0))
    dialogue = Dialogue(world)
    dialogue.mail()
    dialogue.rcpt()
    assert reply(dialogue.message())[0] == 250
    assert ends(world) == [("accept", None)]


def test_whom_our_users_write_to() -> None:
    world = World()
    dialogue = Dialogue(world, service="submission", login="alice@demo.example")
    dialogue.mail("<alice@demo.example>")
    dialogue.rcpt("<Friend@Other.example>", mailer="smtp")
    assert reply(dialogue.message("alice@demo.example"))[0] == 250
    assert ends(world) == [("accept", Merits(domain_id=2, written_to=("friend@other.example",)))]


def test_a_banned_client_is_told_at_mail() -> None:
    world = World(ban=Ban("192.0.2.1/32", "errors", START + timedelta(minutes=9)))
    code, text = reply(Dialogue(world).mail())
    assert (code, text.partition(" [")[0]) == (
        421,
        "4.7.0 ip address 192.0.2.1 is banned for a while (too many errors), try again in 9 minutes",
    )
