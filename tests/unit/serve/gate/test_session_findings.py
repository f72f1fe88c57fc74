"""Whole transactions in memory: what scanners find, what users may send, and what fails."""

from __future__ import annotations

import pytest

from mailcenter.milter.modifications import InsertHeader
from mailcenter.serve.gate.ports import Findings
from tests.unit.serve.gate.world import Dialogue, World, reply

ALICE = "alice@demo.example"


def received(world: World) -> tuple[int, str]:
    dialogue = Dialogue(world)
    dialogue.mail()
    dialogue.rcpt()
    return reply(dialogue.message())


def test_virus() -> None:
    world = World(findings=Findings(0.0, viruses=("Test.Name",)))
    code, text = received(world)
    assert (code, text[:5]) == (554, "5.7.1")
    assert "Test.Name" in text
    (record,) = world.records
    assert (record.verdict, record.rule, record.facts["viruses"]) == ("reject", "virus", ["Test.Name"])
    assert [(recipient.verdict, recipient.rule) for recipient in record.recipients] == [("reject", "virus")]


def test_spam() -> None:
    world = World(findings=Findings(12.34, symbols={"GTUBE": 12.34}))
    code, text = received(world)
    assert (code, text) == (554, f"5.7.1 the message looks like spam (score 12.3) [{world.records[0].reference}]")
    assert world.records[0].facts["symbols"] == {"GTUBE": 12.34}


@pytest.mark.parametrize("part", ["postgres", "rspamd", "spool", "bug"])
def test_failing_part_defers(part: str) -> None:
    world = World(down={part})
    dialogue = Dialogue(world)
    dialogue.mail()
    answer = reply(dialogue.rcpt())
    if part == "postgres":
        assert answer[0] == 451
        assert answer[1].startswith("4.3.0 temporary failure here")
        dialogue.session.close()
    elif part == "bug":
        with pytest.raises(RuntimeError):
            dialogue.message()
        assert reply(dialogue.session.internal_failure(RuntimeError("x")))[0] == 451
    else:
        code, text = reply(dialogue.message())
        assert (code, text[:5]) == (451, "4.3.0")
        assert part not in text
    if part == "spool":
        assert world.records == []
    else:
        (record,) = world.records
        assert record.verdict == "defer"
        assert record.rule.startswith("unavailable-")


def test_after_a_failure_the_retry_passes() -> None:
    world = World(down={"rspamd"})
    assert received(world)[0] == 451
    world.down.clear()
    assert received(world) == (250, "")
    assert [record.verdict for record in world.records] == ["defer", "accept"]


def submit(world: World, path: str = f"<{ALICE}>", author: str = ALICE) -> tuple[int, str]:
    dialogue = Dialogue(world, service="submission", login=ALICE)
    answer = reply(dialogue.mail(path))
    if answer[0] != 250:
        return answer
    dialogue.rcpt("<x@remote.test>", "smtp")
    responses = dialogue.message(author)
    names = {change.name for change in responses if isinstance(change, InsertHeader)}
    assert names <= {b"X-Mailcenter-Reference"}
    return reply(responses)


def test_submission() -> None:
    world = World(findings=Findings(7.0))
    assert submit(world) == (250, "")
    (record,) = world.records
    assert (record.service, record.login, record.mailbox_id) == ("submission", ALICE, 10)
    (recipient,) = record.recipients
    assert (recipient.kind, recipient.junk, recipient.domain_id) == ("remote", False, None)
    assert world.questions[0].mail.session.login == ALICE


def test_submission_needs_a_login() -> None:
    world = World()
    code, text = reply(Dialogue(world, service="submission").mail(f"<{ALICE}>"))
    assert (code, text[:5]) == (530, "5.7.0")
    assert world.records[0].service == "submission"


def test_submission_from_ones_own_address_only() -> None:
    world = World()
    assert submit(world, "<bob@demo.example>")[0] == 553
    assert submit(world, author="Bob <bob@demo.example>")[0] == 553
    assert [record.rule for record in world.records] == ["own-sender", "own-author"]


def test_redirecting_by_hand_keeps_the_author() -> None:
    world = World()
    dialogue = Dialogue(world, service="submission", login=ALICE)
    dialogue.mail(f"<{ALICE}>")
    dialogue.rcpt("<x@remote.test>", "smtp")
    dialogue.header("Resent-From", f" {ALICE}")
    assert reply(dialogue.message("someone@else.test")) == (250, "")


def test_submitted_spam_is_refused_with_help() -> None:
    code, text = submit(World(findings=Findings(9.5)))
    assert code == 550
    assert "support" in text


def test_submitting_to_an_unknown_mailbox_of_ours() -> None:
    dialogue = Dialogue(World(), service="submission", login=ALICE)
    dialogue.mail(f"<{ALICE}>")
    assert reply(dialogue.rcpt("<nobody@demo.example>"))[1].startswith("5.1.1")


def test_two_judges() -> None:
    dialogue = Dialogue(World())
    dialogue.mail()
    code, text = reply(dialogue.rcpt(mailer="smtp"))
    assert (code, text[:5]) == (451, "4.3.0")
