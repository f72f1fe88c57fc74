"""Send sorted mails to a stack, and see what becomes of each."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bench.arrivals import MAIL_FILE
from bench.detection.corpus import Kind, Sorted
from bench.smtp import Outcome, attempt, dot_stuffed
from bench.stack import RECIPIENTS, Stack, StackError

_CONNECTIONS = 8
_ARRIVAL_SECONDS = 180.0
_MARK = re.compile(rb"^X-Detection: (\S+)\r?$", re.MULTILINE)
_STOCK_SPAM = re.compile(rb"^X-Spam: Yes", re.MULTILINE)
_JUNK = re.compile(r"/\.?Junk/", re.IGNORECASE)
_HEADER_BYTES = 65536
_GREYLISTED = re.compile(r"greylisted, try again in (\d+) s")
_MOST_TRIES = 3


@dataclass
class Fates:
    """How many mails of one kind were refused, delayed, put into Junk or passed; why the first two.

    `late`: those of them, whatever became of them, that the greylist put off first. `put_off`: the delayed ones.
    """

    refused: int = 0
    delayed: int = 0
    junk: int = 0
    passed: int = 0
    late: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    put_off: list[int] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.refused + self.delayed + self.junk + self.passed

    def followed_by(self, second: Fates) -> Fates:
        """The ends of all when `second` tells what became of those that had been delayed."""
        return Fates(
            refused=self.refused + second.refused,
            delayed=second.delayed,
            junk=self.junk + second.junk,
            passed=self.passed + second.passed,
            late=self.late,
            reasons=Counter({text: count for text, count in self.reasons.items() if text[0] == "5"}) + second.reasons,
            put_off=second.put_off,
        )


def learn(stack: Stack, lessons: list[Sorted]) -> None:
    """Teach the stack's filter what people said of these."""
    ham = [one.mail.content for one in lessons if one.kind == "ham"]
    spam = [one.mail.content for one in lessons if one.kind == "spam"]
    stack.learn(ham, spam)


def measure(stack: Stack, mails: list[Sorted], mark: str, *, patient: bool = False) -> dict[Kind, Fates]:
    """Send each mail, and look for what was accepted in the mailboxes; `mark` tells this run from others.

    `patient`: in the order in which they once came, and again when the greylist said for how long to wait.

    Raises:
        StackError: something that was accepted did not arrive.
    """
    if patient:
        mails = sorted(mails, key=_arrival)
    return _measure(stack, dict(enumerate(mails)), mark, patient=patient)


def measure_again(stack: Stack, mails: list[Sorted], mark: str, found: dict[Kind, Fates]) -> dict[Kind, Fates]:
    """What has become of all of `mails` when those that `found` tells as delayed are sent once more.

    `found` is what `measure` has found of them without patience.

    Raises:
        StackError: something that was accepted did not arrive.
    """
    put_off = sorted(number for fates in found.values() for number in fates.put_off)
    second = _measure(stack, {number: mails[number] for number in put_off}, mark, patient=False)
    return {kind: fates.followed_by(second[kind]) for kind, fates in found.items()}


def _measure(stack: Stack, mails: dict[int, Sorted], mark: str, *, patient: bool) -> dict[Kind, Fates]:
    tries = asyncio.run(_send(stack, mails, mark, patient=patient))
    accepted = {number for number, outcomes in tries.items() if outcomes[-1].accepted}
    junk = _await_arrivals(stack, mark, accepted)
    found: dict[Kind, Fates] = {"ham": Fates(), "spam": Fates()}
    for number, one in mails.items():
        fates, outcome = found[one.kind], tries[number][-1]
        fates.late += len(tries[number]) > 1
        if number in accepted:
            fates.junk += junk[number]
            fates.passed += not junk[number]
            continue
        fates.refused += outcome.refused
        if not outcome.refused:
            fates.delayed += 1
            fates.put_off.append(number)
        fates.reasons[f"{outcome.code} {_tidy(outcome.text)}"] += 1
    return found


def accepted(stack: Stack, mails: list[Sorted]) -> list[Sorted]:
    """Send each mail once: those that the stack takes."""
    numbered = dict(enumerate(mails))
    tries = asyncio.run(_send(stack, numbered, "once", patient=False))
    return [one for number, one in numbered.items() if tries[number][-1].accepted]


def _arrival(one: Sorted) -> datetime:
    return one.hop.at if one.hop is not None and one.hop.at is not None else datetime.min.replace(tzinfo=UTC)


async def _send(stack: Stack, mails: dict[int, Sorted], mark: str, *, patient: bool) -> dict[int, list[Outcome]]:
    waiting = iter(mails.items())
    tries: dict[int, list[Outcome]] = {number: [] for number in mails}

    async def sender() -> None:
        for number, one in waiting:
            mail = one.mail
            marked = f"X-Detection: {mark}-{number}\r\n".encode() + mail.content
            recipient = RECIPIENTS[number % len(RECIPIENTS)]
            wait: float | None = 0.0
            while wait is not None and len(tries[number]) < _MOST_TRIES:
                await asyncio.sleep(wait)
                outcome = await attempt(stack.target, mail.client, mail.mail_from, recipient, dot_stuffed(marked))
                tries[number].append(outcome)
                wait = pause(outcome) if patient else None

    await asyncio.gather(*(sender() for _ in range(_CONNECTIONS)))
    return tries


def pause(outcome: Outcome) -> float | None:
    """Seconds after which the greylist takes the mail; None where another said what it said."""
    found = _GREYLISTED.search(outcome.text)
    return float(found[1]) + 0.2 if found else None


def _await_arrivals(stack: Stack, mark: str, accepted: set[int]) -> dict[int, bool]:
    deadline = time.monotonic() + _ARRIVAL_SECONDS
    while True:
        arrived = _arrived(stack.store, mark)
        if accepted <= arrived.keys():
            return arrived
        if time.monotonic() > deadline:
            raise StackError(f"{len(accepted - arrived.keys())} accepted mails did not arrive")
        time.sleep(1)


def _arrived(store: Path, mark: str) -> dict[int, bool]:
    """The numbers of the mails in the mailboxes, and whether each is treated as spam there."""
    found = {}
    for path in store.rglob("*"):
        if not MAIL_FILE.match(str(path)) or not path.is_file():
            continue
        with path.open("rb") as file:
            head = file.read(_HEADER_BYTES)
        marked = _MARK.search(head)
        run, _, number = marked[1].decode().rpartition("-") if marked else ("", "", "")
        if run == mark:
            header = head.partition(b"\r\n\r\n")[0].partition(b"\n\n")[0]
            found[int(number)] = bool(_JUNK.search(str(path)) or _STOCK_SPAM.search(header))
    return found


def _tidy(text: str) -> str:
    """A reply with what differs from mail to mail taken out."""
    text = re.sub(r" \[[0-9a-z]{13}\].*", "", text.replace("\n", " "))
    text = re.sub(r"score -?[0-9.]+", "score …", text)
    text = re.sub(r"(?<=ip address )\S+|(?<=the name )\S+", "…", text)
    text = re.sub(r"(?<=you greeted as )\S+|(?<=the domain )\S+|(?<=the attachment )\S+( \S+)*(?= is of)", "…", text)
    return re.sub(r"<[^>]*>", "<…>", text)[:100]
