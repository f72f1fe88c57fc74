"""Attachments in a whole dialogue: examined by each recipient's list, and told to the ledger."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from mailcenter.milter.responses import Response
from mailcenter.policy.platform_book import rule_book
from mailcenter.policy.rulebook import RuleChange
from mailcenter.policy.treatment import Treatment
from mailcenter.serve.gate import attachments
from tests.unit.attachments.samples import PROGRAM, attached, zipped
from tests.unit.milter.packets import packet
from tests.unit.serve.gate.world import Dialogue, World, reply

ALICE, BOB = "<alice@demo.example>", "<bob@demo.example>"


def send(world: World, message: bytes, *recipients: str, login: str = "") -> Sequence[Response]:
    """The message with its own header."""
    dialogue = Dialogue(world, service="submission" if login else "mx", login=login)
    dialogue.mail(f"<{login or 'a@b.test'}>")
    for recipient in recipients:
        dialogue.rcpt(recipient, mailer="lmtp" if recipient in {ALICE, BOB} else "smtp")
    head, _, body = message.partition(b"\r\n\r\n")
    for line in head.decode().split("\r\n"):
        name, _, value = line.partition(":")
        dialogue.header(name, f" {login}" if login and name == "From" else value)
    dialogue.send(packet(b"N"))
    dialogue.body(body)
    return dialogue.end()


@pytest.mark.parametrize(
    ("message", "name", "detail"),
    [
        (attached(b"x", "a.pdf.exe"), "a.pdf.exe", ".exe (double extension)"),
        (attached(PROGRAM, "a.pdf"), "a.pdf", "Windows program"),
        (attached(zipped({"in/a.scr": b"x"}), "a.zip"), "a.zip/in/a.scr", ".scr"),
    ],
)
def test_refused_and_told(message: bytes, name: str, detail: str) -> None:
    code, text = reply(send(world := World(), message, ALICE))
    assert code == 554
    assert text.startswith(f"5.7.1 the attachment {name} is of a kind that is not accepted here ({detail}) [")
    (record,) = world.records
    assert record.rule == "attachments"
    assert [(found["name"], found["detail"]) for found in record.facts["attachments"]] == [(name, detail)]
    assert record.facts["refused"] == record.facts["attachments"]


def test_harmless_attachments_pass() -> None:
    assert reply(send(world := World(), attached(b"%PDF-1.7 ...", "a.pdf"), ALICE)) == (250, "")
    assert "attachments" not in world.records[0].facts


def test_everybodys_own_list() -> None:
    world = World(treatments={11: Treatment(blocked_extensions=("docm",))})
    assert reply(send(world, attached(b"x", "a.docm"), BOB))[0] == 554
    assert reply(send(world, attached(b"x", "a.docm"), ALICE)) == (250, "")
    assert reply(send(world, attached(b"x", "a.docm"), ALICE, BOB)) == (250, "")
    assert reply(send(world, attached(b"x", "a.exe"), ALICE))[0] == 554
    assert reply(send(world, attached(b"x", "a.exe"), BOB)) == (250, "")
    assert world.records[2].facts["attachments"] == [{"name": "a.docm", "reason": "extension", "detail": ".docm"}]


def test_our_users_are_judged_alike() -> None:
    code, text = reply(send(World(), attached(b"x", "a.exe"), "<x@far.example>", login="alice@demo.example"))
    assert code == 554
    assert "the attachment a.exe" in text


def test_switched_off_nothing_is_examined() -> None:
    world = World(rules=rule_book({}, [RuleChange("attachments", enabled=False)]))
    assert reply(send(world, attached(b"x", "a.exe"), ALICE)) == (250, "")
    assert "attachments" not in world.records[0].facts
    assert "attachments" not in world.records[0].facts["ms"]


@pytest.mark.parametrize("at_once", [10.0, -1.0])
def test_what_takes_longer_gets_a_thread(at_once: float, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = []

    async def in_a_thread(work: Callable[..., Any], *given: Any) -> Any:
        threads.append(work)
        return work(*given)

    monkeypatch.setattr(attachments, "AT_ONCE", at_once)
    monkeypatch.setattr(asyncio, "to_thread", in_a_thread)
    assert reply(send(World(), attached(zipped({"in/a.scr": b"x"}), "a.zip"), ALICE))[0] == 554
    assert len(threads) == (at_once < 0)


def test_a_large_message_gets_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "SMALL", 10)
    monkeypatch.setattr(attachments, "AT_ONCE", -1.0)
    assert reply(send(World(), attached(PROGRAM, "a.pdf"), ALICE))[0] == 554
