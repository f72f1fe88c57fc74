"""The short-lived memory in the dialogue: when it is asked, what is told, and what becomes of mail without it."""

from __future__ import annotations

import pytest

from mailcenter.policy.facts_memory import MemoryFacts
from mailcenter.policy.networks import NetworkList
from mailcenter.policy.platform_book import rule_book
from mailcenter.policy.rulebook import RuleChange
from tests.unit.serve.gate.world import Dialogue, World, reply


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
    world.rules = rule_book({}, [RuleChange("rate", False)])
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
