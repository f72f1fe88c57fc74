"""In which file of an infected message a finding is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest

from mailcenter.milter.responses import Response
from mailcenter.serve.gate.content import Budget, Content
from mailcenter.serve.gate.ports import Findings, Infected, UnavailableError
from mailcenter.serve.gate.viruses import MOST_PARTS, located
from tests.unit.attachments.samples import attached
from tests.unit.serve.gate.world import Dialogue, World, reply

EVIL = b"EVIL"


class Finder:
    """Finds EVIL in what it is given, and counts the questions."""

    name = "finder"

    def __init__(self, error: Exception | None = None) -> None:
        self.asked = 0
        self._error = error

    async def scan(self, pieces: Iterable[bytes]) -> tuple[str, ...]:
        self.asked += 1
        if self._error:
            raise self._error
        return ("Evil",) if EVIL in b"".join(pieces) else ()


def content_of(message: bytes) -> Content:
    head, _, body = message.partition(b"\r\n\r\n")
    content = Content(Budget(2**24))
    for line in head.replace(b"\r\n ", b" ").split(b"\r\n"):
        name, _, value = line.partition(b":")
        content.add_field(name, value)
    content.add_body(body)
    return content


def where(message: bytes, finder: Finder | None = None) -> tuple[Infected, ...]:
    return asyncio.run(located(finder or Finder(), content_of(message), ["Evil"]))


def test_the_file_is_named() -> None:
    assert where(attached(b"x" + EVIL, "bill.pdf")) == (Infected("Evil", "finder", "bill.pdf"),)


def test_a_finding_in_no_single_file_has_no_name() -> None:
    assert where(attached(b"harmless", "bill.pdf")) == (Infected("Evil", "finder", ""),)
    assert where(b"Subject: x\r\n\r\nEVIL\r\n") == (Infected("Evil", "finder", ""),)


@pytest.mark.parametrize("error", [UnavailableError("finder", "gone"), TimeoutError()])
def test_a_scanner_that_fails_now_changes_nothing(error: Exception) -> None:
    assert where(attached(EVIL, "a.pdf"), Finder(error)) == (Infected("Evil", "finder", ""),)


def test_many_parts_are_bounded() -> None:
    parts = "".join(
        f'--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename="{number}"\r\n\r\nx\r\n'
        for number in range(5 * MOST_PARTS)
    )
    finder = Finder()
    where(f"Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n".encode(), finder)
    assert finder.asked == MOST_PARTS


def refusal(world: World, body: bytes = b"hello\r\n") -> tuple[Response, ...]:
    dialogue = Dialogue(world)
    dialogue.mail()
    dialogue.rcpt()
    return tuple(dialogue.message(body=body))


def test_the_ledger_has_finding_file_and_scanner() -> None:
    infected = (Infected("Evil", "clamd", "bill.pdf"), Infected("Worse", "second"))
    world = World(findings=Findings(0.0, ("Evil", "Worse"), infected=infected))
    code, text = reply(refusal(world))
    assert code == 554
    assert text.startswith("5.7.1 the message holds malware: Evil, Worse [")
    assert world.records[0].facts["refused"] == [
        {"name": "bill.pdf", "reason": "virus", "detail": "Evil", "scanner": "clamd"},
        {"name": "", "reason": "virus", "detail": "Worse", "scanner": "second"},
    ]


def test_nothing_refused_nothing_told() -> None:
    world = World()
    refusal(world)
    assert "refused" not in world.records[0].facts
