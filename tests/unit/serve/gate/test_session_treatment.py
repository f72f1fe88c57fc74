"""Lists, networks and each recipient's own treatment in a whole dialogue."""

from __future__ import annotations

from collections.abc import Sequence

from mailcenter.milter.modifications import InsertHeader
from mailcenter.milter.responses import Response
from mailcenter.policy.networks import NetworkList
from mailcenter.policy.platform_book import rule_book
from mailcenter.policy.rulebook import RuleChange
from mailcenter.policy.senders import SenderEntry
from mailcenter.policy.treatment import Treatment
from mailcenter.serve.gate.ports import Findings
from tests.unit.serve.gate.world import Dialogue, World, reply

ALICE, BOB = "<alice@demo.example>", "<bob@demo.example>"


def send(world: World, *recipients: str) -> Sequence[Response]:
    dialogue = Dialogue(world)
    dialogue.mail()
    for recipient in recipients:
        dialogue.rcpt(recipient)
    return dialogue.message()


def fields(responses: Sequence[Response]) -> dict[bytes, bytes]:
    return {change.name: change.value.strip() for change in responses if isinstance(change, InsertHeader)}


def test_each_recipient_gets_his_own() -> None:
    world = World(findings=Findings(9.54), treatments={11: Treatment(refuse_score=20.0, spam_action="mark")})
    added = fields(send(world, ALICE, BOB, "<nobody@demo.example>"))
    (record,) = world.records
    assert record.verdict == "accept"
    assert [recipient.treatment for recipient in record.recipients] == ["junk", "mark", ""]
    assert [recipient.junk for recipient in record.recipients] == [True, False, False]
    assert added[b"X-Mailcenter-Score"] == b"95"
    assert b"X-Spam-Flag" not in added


def test_a_score_below_zero_is_zero_for_sieve() -> None:
    added = fields(send(World(findings=Findings(-3.2)), ALICE))
    assert added[b"X-Mailcenter-Score"] == b"0"
    assert added[b"X-Spam-Score"] == b"-3.2"


def test_refused_when_all_would() -> None:
    world = World(findings=Findings(9.5), treatments={11: Treatment(refuse_score=8.0)})
    code, text = reply(send(world, ALICE, BOB))
    assert code == 554
    assert "looks like spam" in text
    assert world.records[0].rule == "spam"


def test_changed_rules_hold_for_the_next_mail_of_a_session() -> None:
    world = World(findings=Findings(7.0))
    dialogue = Dialogue(world)
    dialogue.mail()
    dialogue.rcpt()
    dialogue.message()
    world.rules = rule_book({}, [RuleChange("spam", enabled=True, thresholds={"junk_score": 7.5})])
    dialogue.mail()
    dialogue.rcpt()
    dialogue.message()
    assert [record.recipients[0].treatment for record in world.records] == ["junk", ""]


def test_refused_network() -> None:
    world = World(network_list=NetworkList([("192.0.2.0/24", "refuse")]))
    dialogue = Dialogue(world)
    assert reply(dialogue.mail()) == (250, "")
    code, text = reply(dialogue.rcpt())
    assert code == 554
    assert text.startswith("5.7.1 ip address 192.0.2.1 is refused by this site [")
    dialogue.abort()
    (record,) = world.records
    assert (record.rule, record.facts["network"]) == ("network-list", "refuse")
    assert record.recipients[0].address == "alice@demo.example"


def test_allowed_network_is_spared_the_score() -> None:
    world = World(findings=Findings(30.0), network_list=NetworkList([("192.0.2.1/32", "allow")]))
    added = fields(send(world, ALICE))
    assert world.records[0].verdict == "accept"
    assert world.records[0].recipients[0].treatment == ""
    assert added[b"X-Mailcenter-Score"] == b"0"
    assert added[b"X-Spam-Score"] == b"30.0"


def test_denied_envelope_sender() -> None:
    world = World(entries=[SenderEntry("deny", "domain", "b.test", None, 10)])
    dialogue = Dialogue(world)
    dialogue.mail()
    code, text = reply(dialogue.rcpt(ALICE))
    assert code == 550
    assert text.startswith("5.7.1 <alice@demo.example> does not accept mail from <a@b.test> [")
    assert reply(dialogue.rcpt(BOB)) == (250, "")


def test_denied_author() -> None:
    entries = [SenderEntry("deny", "address", "al@shop.test", None, 10)]
    dialogue = Dialogue(world := World(entries=entries))
    dialogue.mail()
    dialogue.rcpt(ALICE)
    code, text = reply(dialogue.message(author="Al <Al@shop.test>"))
    assert code == 550
    assert "<alice@demo.example> does not accept mail from <Al@shop.test>" in text
    dialogue.mail()
    dialogue.rcpt(ALICE)
    dialogue.rcpt(BOB)
    added = fields(dialogue.message(author="Al <Al@shop.test>"))
    assert [recipient.treatment for recipient in world.records[1].recipients] == ["junk", ""]
    assert added[b"X-Mailcenter-Denied"] == b".10."
    assert world.records[1].facts["lists"] == [{"recipient": "alice@demo.example", "action": "deny"}]


def test_allowed_author_must_be_proven() -> None:
    entries = [SenderEntry("allow", "domain", "b.test", 2, None)]
    forged = World(findings=Findings(12.0), entries=entries)
    assert reply(send(forged, ALICE))[0] == 554
    proven = World(findings=Findings(12.0, aligned=True), entries=entries)
    added = fields(send(proven, ALICE))
    assert proven.records[0].recipients[0].treatment == "allowed"
    assert added[b"X-Mailcenter-Score"] == b"0"
    assert added[b"X-Mailcenter-Allowed"] == b".10."


def test_quarantine_is_junk_for_all() -> None:
    world = World(findings=Findings(0.1, aligned=True, quarantine="dmarc"))
    added = fields(send(world, ALICE, BOB))
    assert added[b"X-Mailcenter-Quarantine"] == b"dmarc"
    assert [recipient.treatment for recipient in world.records[0].recipients] == ["junk", "junk"]
    assert added[b"X-Spam-Flag"] == b"YES"


def test_lists_that_cannot_be_asked_defer() -> None:
    world = World(down={"lists"})
    dialogue = Dialogue(world)
    dialogue.mail()
    assert reply(dialogue.rcpt())[0] == 451
    dialogue.abort()
    dialogue.mail("<>")
    assert reply(dialogue.rcpt()) == (250, "")
    assert reply(dialogue.message())[0] == 451
