"""Measure: each sort of bot alone, good mails alone, and good mails within the flood."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

from bench import cpu
from bench.flood.bots import SHARES, Bot, Sort, bot, flood
from bench.mails import Mail
from bench.measure import prepared, quiet, until_arrived, watched
from bench.smtp import Outcome, attempt
from bench.stack import RECIPIENTS, Stack

_BOTS_AT_ONCE = 30
_ROUNDS = 3
_BOTS_TO_A_MAIL = sum(SHARES.values())


@dataclass
class Measured:
    """One stack. CPU in milliseconds; times in seconds, for each good mail."""

    refusal: dict[Sort, list[float]] = field(default_factory=lambda: {sort: [] for sort in SHARES})
    """For a bot of a sort, in each round."""
    refused: dict[Sort, tuple[int, int]] = field(default_factory=dict)
    """Within the flood: how many bots of a sort were refused, of how many."""
    replies: Counter[str] = field(default_factory=Counter)
    filtering: list[float] = field(default_factory=list)
    """From the end of DATA to the reply, without a flood."""
    to_mailbox: list[float] = field(default_factory=list)
    """From the connection to the mailbox, within the flood."""
    bots_per_second: float = 0.0


async def _attack(bots: list[Bot]) -> list[tuple[Sort, Outcome]]:
    waiting = iter(bots)
    outcomes: list[tuple[Sort, Outcome]] = []

    async def connection() -> None:
        for one in waiting:
            outcome = await attempt(one.target, one.client, one.mail_from, one.rcpt_to, one.stuffed)
            outcomes.append((one.sort, outcome))

    await asyncio.gather(*(connection() for _ in range(_BOTS_AT_ONCE)))
    return outcomes


async def refusals(stacks: list[tuple[Stack, Measured]], count: int) -> None:
    """What `count` bots of each sort cost in each round, whatever they are answered; the stacks take turns.

    A round is large, as what the stack does by itself meanwhile counts as well.
    """
    for number in range(_ROUNDS):
        for sort in SHARES:
            for stack, found in stacks if number % 2 == 0 else stacks[::-1]:
                bots = [bot(sort, number * count + one, stack.target) for one in range(count)]
                found.refusal[sort].append(await _cost(stack, bots))


async def _cost(stack: Stack, bots: list[Bot]) -> float:
    """CPU milliseconds for each of these bots."""
    await quiet(stack)
    before = cpu.seconds_by_root(stack.roots())
    await _attack(bots)
    await quiet(stack)
    used = cpu.difference(before, cpu.seconds_by_root(stack.roots()))
    return 1000 * sum(used.values()) / len(bots)


async def filtering(stack: Stack, mails: list[Mail], found: Measured) -> None:
    """Good mails one after the other, each on a connection of its own."""
    for number, mail, stuffed in prepared(mails):
        recipient = RECIPIENTS[number % len(RECIPIENTS)]
        outcome = await attempt(stack.target, mail.client, mail.mail_from, recipient, stuffed)
        if outcome.accepted:
            found.filtering.append(time.monotonic() - outcome.finished)


async def good_mails(stack: Stack, mails: list[Mail], found: Measured) -> None:
    """The good mails evenly among the bots, which come as fast as the stack answers them."""
    bots = flood(_BOTS_TO_A_MAIL * len(mails), stack.target)
    begun: dict[int, float] = {}
    outcomes: dict[int, Outcome] = {}
    async with watched(stack) as arrivals:
        started = time.monotonic()
        attack = asyncio.create_task(_in_step(bots, begun, outcomes, mails, stack))
        answers = await attack
        found.bots_per_second = len(bots) / (time.monotonic() - started)
        accepted = {number for number, outcome in outcomes.items() if outcome.accepted}
        await until_arrived(arrivals, accepted)
        found.to_mailbox = [arrivals.times[number] - begun[number] for number in sorted(accepted)]
    totals = Counter(sort for sort, _ in answers)
    refused = Counter(sort for sort, outcome in answers if not outcome.accepted)
    found.refused = {sort: (refused[sort], totals[sort]) for sort in SHARES}
    found.replies = Counter(
        f"{sort}: {outcome.code or 'connection closed'} at {outcome.stage}" for sort, outcome in answers
    )


async def _in_step(
    bots: list[Bot], begun: dict[int, float], outcomes: dict[int, Outcome], mails: list[Mail], stack: Stack
) -> list[tuple[Sort, Outcome]]:
    """After every 99 bots a good mail begins; all that began is waited for."""
    answers: list[tuple[Sort, Outcome]] = []
    waiting = iter(enumerate(bots))
    good = iter(prepared(mails))

    async def deliver(number: int, mail: Mail, stuffed: bytes) -> None:
        begun[number] = time.monotonic()
        recipient = RECIPIENTS[number % len(RECIPIENTS)]
        outcomes[number] = await attempt(stack.target, mail.client, mail.mail_from, recipient, stuffed)

    async with asyncio.TaskGroup() as group:

        async def connection() -> None:
            for position, one in waiting:
                if position % _BOTS_TO_A_MAIL == 0:
                    group.create_task(deliver(*next(good)))
                outcome = await attempt(one.target, one.client, one.mail_from, one.rcpt_to, one.stuffed)
                answers.append((one.sort, outcome))

        for _ in range(_BOTS_AT_ONCE):
            group.create_task(connection())
    return answers
