"""Whole transactions in memory: what Postfix is answered, and what stands in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from mailcenter.milter.modifications import ChangeHeader, InsertHeader
from mailcenter.milter.responses import Response
from mailcenter.serve.gate.ports import Findings
from tests.unit.milter.packets import QUIT
from tests.unit.serve.gate.world import START, Dialogue, World, reply


def test_accepted() -> None:
    world = World()
    dialogue = Dialogue(world)
    assert reply(dialogue.mail("<a@b.test>", "SIZE=100", "BODY=8BITMIME")) == (250, "")
    assert reply(dialogue.rcpt()) == (250, "")
    responses = dialogue.message()
    assert reply(responses) == (250, "")
    (record,) = world.records
    assert (record.verdict, record.stage, record.code, record.rule) == ("accept", "eom", 250, "")
    assert (record.client_address, record.client_name, record.helo) == ("192.0.2.1", "client.test", "helo.test")
    assert (record.mail_from, record.header_from, record.subject) == ("a@b.test", "Al <a@b.test>", "hello")
    assert (record.message_id, record.queue_id, record.tls) == ("<1@b.test>", "QUEUE1", "TLSv1.3 AES")
    assert record.size == len(world.contents[0])
    assert record.score == 0.5
    assert START < record.started_at < record.ended_at
    assert set(record.facts["ms"]) == {"mail", "rcpt", "eom", "attachments", "rspamd"}
    (recipient,) = record.recipients
    assert (recipient.address, recipient.verdict, recipient.kind) == ("alice@demo.example", "accept", "mailbox")
    assert (recipient.organisation_id, recipient.domain_id, recipient.mailbox_id) == (1, 2, 10)
    assert f"[{record.reference}]" in record.reply
    assert dialogue.desk.budget.used == 0


def test_scanners_see_the_message_as_it_was() -> None:
    world = World()
    dialogue = Dialogue(world)
    dialogue.mail()
    dialogue.rcpt("<Alice+x@demo.example>")
    dialogue.rcpt("<bob@demo.example>")
    dialogue.header("Subject", " one\n\ttwo")
    dialogue.header("X-Tight", "no blank")
    dialogue.body(b"line\r\n")
    dialogue.body(b"last\r\n")
    dialogue.end()
    assert world.contents == [b"Subject: one\r\n\ttwo\r\nX-Tight:no blank\r\n\r\nline\r\nlast\r\n"]
    assert world.questions[0].recipients == ("Alice+x@demo.example", "bob@demo.example")
    assert world.questions[0].mail_from == "a@b.test"


def test_own_fields_are_added_and_forged_ones_removed() -> None:
    world = World()
    dialogue = Dialogue(world)
    dialogue.mail()
    dialogue.rcpt()
    dialogue.header("Authentication-Results", " mx.demo.example; spf=pass")
    dialogue.header("Authentication-Results", " other.example; spf=pass")
    dialogue.header("authentication-results", "\n (x) MX.demo.example ; dkim=pass")
    dialogue.header("X-Spam-Flag", " YES")
    dialogue.header("X-Spam-Status", " Yes")
    dialogue.header("X-Mailcenter-Reference", " 0000000000000")
    responses = dialogue.message()
    removed = [(change.name, change.index) for change in responses if isinstance(change, ChangeHeader)]
    assert removed == [
        (b"X-Mailcenter-Reference", 1),
        (b"X-Spam-Status", 1),
        (b"X-Spam-Flag", 1),
        (b"authentication-results", 3),
        (b"Authentication-Results", 1),
    ]
    assert all(change.value == b"" for change in responses if isinstance(change, ChangeHeader))
    added = {change.name: change.value for change in responses if isinstance(change, InsertHeader)}
    assert added == {
        b"X-Mailcenter-Reference": b" " + world.records[0].reference.encode(),
        b"X-Mailcenter-Score": b" 5",
        b"X-Spam-Score": b" 0.5",
        b"Authentication-Results": b" mx.demo.example;\n\tnone",
    }


def test_junk_is_marked() -> None:
    world = World(findings=Findings(6.0))
    dialogue = Dialogue(world)
    dialogue.mail()
    dialogue.rcpt()
    dialogue.rcpt("<nobody@demo.example>")
    responses = dialogue.message()
    assert any(isinstance(change, InsertHeader) and change.name == b"X-Spam-Flag" for change in responses)
    assert [recipient.junk for recipient in world.records[0].recipients] == [True, False]


def test_refused_recipients_leave_the_others() -> None:
    world = World()
    dialogue = Dialogue(world)
    dialogue.mail()
    assert reply(dialogue.rcpt()) == (250, "")
    code, text = reply(dialogue.rcpt("<nobody@demo.example>"))
    assert code == 550
    assert text.startswith("5.1.1 <nobody@demo.example>: no such recipient here [")
    assert reply(dialogue.rcpt("<gone@demo.example>"))[0] == 550
    assert reply(dialogue.rcpt("<x@off.example>"))[1].startswith("5.1.1")
    code, text = reply(dialogue.rcpt("<x@other.test>", "smtp"))
    assert (code, text[:5]) == (550, "5.7.1")
    assert "Relay not permitted" in text
    assert reply(dialogue.message()) == (250, "")
    (record,) = world.records
    assert [recipient.verdict for recipient in record.recipients] == ["accept", "reject", "reject", "reject", "reject"]
    assert [recipient.kind for recipient in record.recipients] == [
        "mailbox", "unknown", "mailbox", "unknown", "remote",
    ]  # fmt: skip
    assert text.endswith(f"[{record.reference}]")


def test_all_recipients_refused() -> None:
    world = World()
    dialogue = Dialogue(world)
    dialogue.mail()
    dialogue.rcpt("<nobody@demo.example>")
    assert world.records == []
    dialogue.send(QUIT)
    (record,) = world.records
    assert (record.verdict, record.stage, record.code) == ("reject", "rcpt", 550)
    assert record.rule == "unknown-recipient"


def test_client_leaves_after_an_accepted_recipient() -> None:
    world = World()
    dialogue = Dialogue(world)
    dialogue.mail()
    dialogue.rcpt()
    dialogue.abort()
    dialogue.mail()
    dialogue.session.close()
    dialogue.session.close()
    assert [(record.verdict, record.stage) for record in world.records] == [("abort", "rcpt"), ("abort", "mail")]
    assert world.records[0].reference != world.records[1].reference


def test_client_leaves_in_the_middle_of_the_message() -> None:
    world = World()
    dialogue = Dialogue(world)
    dialogue.mail()
    dialogue.rcpt()
    dialogue.header("Subject", " hello")
    dialogue.body(b"half")
    assert dialogue.desk.budget.used > 0
    dialogue.session.close()
    assert (world.records[0].verdict, world.records[0].stage) == ("abort", "eom")
    assert dialogue.desk.budget.used == 0


def test_nobody_hears_the_verdict() -> None:
    world = World()
    dialogue = Dialogue(world)
    dialogue.mail()
    dialogue.rcpt()
    dialogue.gone = True
    assert reply(dialogue.message())[0] == 451
    assert world.records[0].verdict == "abort"


@pytest.mark.parametrize("path", ["<a b@c.test>", "<no-domain>", "<a@b..c>", "<a@b", "<\x7f@c.test>"])
def test_broken_senders(path: str) -> None:
    world = World()
    code, text = reply(Dialogue(world).mail(path))
    assert (code, text[:5]) == (501, "5.1.7")
    (record,) = world.records
    assert (record.verdict, record.stage, record.rule) == ("reject", "mail", "sender-address")


def test_broken_recipient() -> None:
    world = World()
    dialogue = Dialogue(world)
    dialogue.mail()
    assert reply(dialogue.rcpt("<nothing>"))[1].startswith("5.1.3")
    assert reply(dialogue.rcpt("<>"))[0] == 501


def test_postmaster_without_domain() -> None:
    world = World()
    dialogue = Dialogue(world)
    dialogue.mail("<>")
    assert reply(dialogue.rcpt("<Postmaster>")) == (250, "")
    assert reply(dialogue.rcpt(f"<abuse@{'mx.demo.example'}>")) == (250, "")
    assert reply(dialogue.rcpt(f"<other@{'mx.demo.example'}>", "error"))[0] == 550
    dialogue.message()
    assert [recipient.address for recipient in world.records[0].recipients][:2] == [
        "postmaster@mx.demo.example",
        "abuse@mx.demo.example",
    ]


@pytest.mark.parametrize(
    ("address", "kind", "domain"),
    [
        ("postmaster@demo.example", "alias", 2),
        ("Abuse+x@demo.example", "alias", 2),
        ("abuse@all.example", "alias", 4),
        ("postmaster@all.example", "catch-all", 4),
    ],
    ids=["missing", "with a detail", "switched off", "caught"],
)
def test_a_domain_without_a_postmaster_has_the_hosts(address: str, kind: str, domain: int) -> None:
    """But for a catch-all, which does not get what is switched off."""
    world = World()
    dialogue = Dialogue(world)
    dialogue.mail("<>")
    assert reply(dialogue.rcpt(f"<{address}>")) == (250, "")
    dialogue.message()
    (recipient,) = world.records[0].recipients
    assert (recipient.kind, recipient.organisation_id, recipient.domain_id) == (kind, 1, domain)


@pytest.mark.parametrize(("name", "enhanced"), [("abuse", "5.1.2"), ("postmaster", "5.1.1")], ids=["made", "missing"])
def test_a_domain_that_is_switched_off_has_not_the_hosts_postmaster(name: str, enhanced: str) -> None:
    dialogue = Dialogue(World())
    dialogue.mail("<>")
    code, text = reply(dialogue.rcpt(f"<{name}@off.example>"))
    assert (code, text[:5]) == (550, enhanced)


def test_international_addresses() -> None:
    world = World()
    dialogue = Dialogue(world)
    dialogue.mail("<jö@b.test>", "SMTPUTF8")
    assert "<jürgen@demo.example>" in reply(dialogue.rcpt("<jürgen@demo.example>"))[1]
    dialogue.abort()
    dialogue.mail("<a@b.test>")
    assert "<j?rgen@demo.example>" in reply(dialogue.rcpt("<jürgen@demo.example>"))[1]


def test_sizes() -> None:
    world = World()
    dialogue = Dialogue(world, world.desk(message_size=1000))
    assert reply(dialogue.mail("<a@b.test>", "SIZE=1001"))[1].startswith("5.3.4")
    dialogue.mail("<a@b.test>", "size=1000")
    dialogue.rcpt()
    assert reply(dialogue.message(body=b"x" * 1000))[0] == 552
    assert [record.rule for record in world.records] == ["declared-size", "message-size"]
    assert world.questions == []


def test_memory_is_bounded_over_all_sessions() -> None:
    world = World()
    desk = world.desk(memory=1000)
    first, second = Dialogue(world, desk), Dialogue(world, desk)
    for dialogue in (first, second):
        dialogue.mail()
        dialogue.rcpt()
    for dialogue in (first, second):
        assert dialogue.body(b"x" * 600) == ()
    code, text = reply(second.end())
    assert (code, text[:5]) == (452, "4.3.1")
    first.abort()
    assert desk.budget.used == 0
    second.mail()
    second.rcpt()
    second.body(b"x" * 600)
    assert reply(second.end())[0] == 250
    assert [(record.verdict, record.rule) for record in world.records] == [
        ("defer", "memory"),
        ("abort", ""),
        ("accept", ""),
    ]


def test_memory_used_up_by_the_header() -> None:
    world = World()
    dialogue = Dialogue(world, world.desk(memory=100))
    dialogue.mail()
    dialogue.rcpt()
    dialogue.header("X-Long", "x" * 200)
    assert reply(dialogue.end())[0] == 452
    assert dialogue.desk.budget.used == 0


def test_too_many_recipients() -> None:
    world = World()
    dialogue = Dialogue(world, world.desk(recipients=2))
    dialogue.mail()
    dialogue.rcpt()
    dialogue.rcpt("<bob@demo.example>")
    codes = {reply(dialogue.rcpt("<sales@demo.example>"))[0] for _ in range(5)}
    assert codes == {452}
    dialogue.message()
    assert len(world.records[0].recipients) == 4
    assert world.records[0].facts["recipients_not_listed"] == 3
    assert world.questions[0].recipients == ("alice@demo.example", "bob@demo.example")


def test_several_transactions_on_one_connection() -> None:
    world = World()
    dialogue = Dialogue(world)
    for _ in range(3):
        dialogue.mail()
        dialogue.rcpt()
        assert reply(dialogue.message()) == (250, "")
        dialogue.abort()
    assert len({record.reference for record in world.records}) == 3


@pytest.mark.parametrize(("steps", "stage"), [(0, "mail"), (1, "rcpt"), (2, "eom")])
def test_an_ended_session_goes_no_further_at_any_step(steps: int, stage: str) -> None:
    world = World()
    dialogue = Dialogue(world, service="submission", login="alice@demo.example")
    said: list[int] = []
    told: list[Callable[[], Sequence[Response]]] = [
        lambda: dialogue.mail("<alice@demo.example>"),
        lambda: dialogue.rcpt("<bob@demo.example>"),
        lambda: dialogue.message(author="alice@demo.example"),
    ]
    for number, step in enumerate(told):
        if number <= steps:
            world.ended = "alice@demo.example" if number == steps else ""
            said.append(reply(step())[0])
    assert said == [250] * steps + [421]
    (record,) = world.records
    assert (record.verdict, record.rule, record.stage) == ("defer", "session-ended", stage)


def test_other_sessions_go_on() -> None:
    world = World(ended="bob@demo.example")
    dialogue = Dialogue(world, service="submission", login="alice@demo.example")
    assert reply(dialogue.mail("<alice@demo.example>"))[0] == 250


def test_an_account_has_so_many_sessions_and_no_more() -> None:
    """Each counts from its first mail on, once, and until it is closed; other ports have no such bound."""
    world = World(most=2)
    first, second, third = (Dialogue(world, service="submission", login="alice@demo.example") for _ in range(3))
    for dialogue in (first, second, first):
        assert reply(dialogue.mail("<alice@demo.example>"))[0] == 250
        dialogue.abort()
    code, text = reply(third.mail("<alice@demo.example>"))
    assert (code, text.partition(" [")[0]) == (
        421,
        "4.7.0 the account alice@demo.example has 2 sessions for sending already",
    )
    assert reply(Dialogue(world).mail("<a@other.example>"))[0] == 250
    first.session.close()
    assert len(world.seated) == 1
    assert reply(third.mail("<alice@demo.example>"))[0] == 250
