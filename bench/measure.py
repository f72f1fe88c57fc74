"""The three measurements, each the same for every stack."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from bench import cpu
from bench.arrivals import Arrivals
from bench.mails import Mail
from bench.smtp import Client, Outcome, attempt, dot_stuffed
from bench.stack import DOMAIN, RECIPIENTS, Stack, StackError

MARK = "X-Bench"
_ARRIVAL_SECONDS = 60.0
_QUIET_SECONDS = 1.0
_QUIET_CPU = 0.04  # seconds of CPU in a second of quiet: what idle daemons take
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Result:
    """One round of one measurement: `count` things in `seconds`, with the CPU seconds of each daemon."""

    count: int
    seconds: float
    cpu: dict[str, float]
    outcomes: Counter[str]
    """Replies that were not the wanted ones."""

    @property
    def per_second(self) -> float:
        return self.count / self.seconds

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds for each."""
        return 1000 * sum(self.cpu.values()) / self.count


def _unwanted(outcomes: list[Outcome]) -> Counter[str]:
    return Counter(f"{outcome.stage}: {outcome.code} {outcome.text[:60]}" for outcome in outcomes)


async def quiet(stack: Stack) -> None:
    """Until the stack has nothing more to do (late writes of logs and ledgers belong to the mails)."""
    deadline = time.monotonic() + 15
    before = sum(cpu.seconds_by_root(stack.roots()).values())
    while time.monotonic() < deadline:
        await asyncio.sleep(_QUIET_SECONDS)
        after = sum(cpu.seconds_by_root(stack.roots()).values())
        if after - before < _QUIET_CPU * _QUIET_SECONDS:
            return
        before = after


@asynccontextmanager
async def watched(stack: Stack) -> AsyncIterator[Arrivals]:
    arrivals = Arrivals(stack.store, MARK.encode())
    arrivals.start()
    try:
        yield arrivals
    finally:
        arrivals.stop()


async def until_arrived(arrivals: Arrivals, wanted: set[int]) -> None:
    deadline = time.monotonic() + _ARRIVAL_SECONDS
    while not wanted <= arrivals.times.keys():
        arrivals.changed.clear()
        if time.monotonic() > deadline:
            raise StackError(
                f"{len(wanted - arrivals.times.keys())} accepted mails did not arrive in {_ARRIVAL_SECONDS:.0f} s"
            )
        try:
            await asyncio.wait_for(arrivals.changed.wait(), 1.0)
        except TimeoutError:
            continue


def prepared(mails: list[Mail]) -> list[tuple[int, Mail, bytes]]:
    """Marked with fresh numbers and made ready for the wire, before the clock starts."""
    return [
        (number, mail, dot_stuffed(f"{MARK}: {number}\r\n".encode() + mail.content))
        for number, mail in zip(_numbers, mails, strict=False)
    ]


async def deliveries(stack: Stack, mails: list[Mail], connections: int) -> Result:
    """Send all mails, a connection each, `connections` at a time, until the last is in its mailbox."""
    waiting = iter(prepared(mails))
    outcomes: dict[int, Outcome] = {}

    async def sender() -> None:
        for number, mail, stuffed in waiting:
            recipient = RECIPIENTS[number % len(RECIPIENTS)]
            outcomes[number] = await attempt(stack.target, mail.client, mail.mail_from, recipient, stuffed)

    async with watched(stack) as arrivals:
        before = cpu.seconds_by_root(stack.roots())
        started = time.monotonic()
        await asyncio.gather(*(sender() for _ in range(connections)))
        accepted = {number for number, outcome in outcomes.items() if outcome.accepted}
        if not accepted:
            raise StackError(f"{stack.name} accepts nothing: {_unwanted(list(outcomes.values())).most_common(3)}")
        await until_arrived(arrivals, accepted)
        seconds = max(arrivals.times[number] for number in accepted) - started
        await quiet(stack)
        used = cpu.difference(before, cpu.seconds_by_root(stack.roots()))
    return Result(len(accepted), seconds, used, _unwanted([one for one in outcomes.values() if not one.accepted]))


async def delays(stack: Stack, mails: list[Mail], per_second: float) -> list[float]:
    """Seconds from the end of DATA to the arrival in the mailbox; mails are sent evenly."""
    outcomes: dict[int, Outcome] = {}

    async def one(number: int, mail: Mail, stuffed: bytes) -> None:
        recipient = RECIPIENTS[number % len(RECIPIENTS)]
        outcomes[number] = await attempt(stack.target, mail.client, mail.mail_from, recipient, stuffed)

    async with watched(stack) as arrivals:
        started = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for position, ready in enumerate(prepared(mails)):
                await asyncio.sleep(max(0.0, started + position / per_second - time.monotonic()))
                group.create_task(one(*ready))
        accepted = {number for number, outcome in outcomes.items() if outcome.accepted}
        await until_arrived(arrivals, accepted)
        return [arrivals.times[number] - outcomes[number].finished for number in sorted(accepted)]


async def refusals(stack: Stack, count: int, connections: int) -> Result:
    """Ask for `count` recipients that do not exist, a connection each, as bots do."""
    client = Client(helo="mail.stranger.example", name="mail.stranger.example", address="203.0.113.99")
    waiting = iter(range(count))
    outcomes: list[Outcome] = []

    async def bot() -> None:
        for number in waiting:
            stranger = replace(client, address=f"203.0.113.{1 + number % 254}")
            recipient = f"nobody{number}@{DOMAIN}"
            outcomes.append(await attempt(stack.target, stranger, "sender@stranger.example", recipient, None))

    before = cpu.seconds_by_root(stack.roots())
    started = time.monotonic()
    await asyncio.gather(*(bot() for _ in range(connections)))
    seconds = time.monotonic() - started
    await quiet(stack)
    used = cpu.difference(before, cpu.seconds_by_root(stack.roots()))
    refused = [outcome for outcome in outcomes if outcome.code == 550]
    return Result(len(refused), seconds, used, _unwanted([one for one in outcomes if one.code != 550]))
