"""How fast both stacks deliver the corpus's wanted mails, in turn, when both have learned."""

from __future__ import annotations

from collections import Counter

import uvloop

from bench.detection.corpus import Sorted
from bench.detection.run import accepted
from bench.measure import Result, deliveries, quiet
from bench.stack import Stack

_ROUNDS = 9
_CONNECTIONS = 10
_MAILS = 250
_TRIES = 2
_OF_ONE_SENDER = 3
"""In all rounds together few enough for the rule `rate`, which would put the busy lists of the corpus off."""

Speeds = dict[str, list[Result]]
"""Each round's result by the name of the stack."""


def measure_speed(stacks: list[Stack], mails: list[Sorted]) -> Speeds:
    """Deliver the same wanted mails, which every stack takes each time, round by round; nothing where there are none.

    A score moves by a little from try to try, and with it what stock's greylist puts off.

    Raises:
        StackError: something that was accepted did not arrive.
    """
    chosen = _few_of_each_sender([one for one in mails if one.kind == "ham"])[:_MAILS]
    for stack in stacks * _TRIES:
        chosen = accepted(stack, chosen)
    return uvloop.run(_rounds(stacks, chosen)) if chosen else {}


async def _rounds(stacks: list[Stack], mails: list[Sorted]) -> Speeds:
    speeds: Speeds = {stack.name: [] for stack in stacks}
    for stack in stacks:
        await quiet(stack)
    for number in range(_ROUNDS):
        for stack in stacks if number % 2 == 0 else stacks[::-1]:
            result = await deliveries(stack, [one.mail for one in mails], _CONNECTIONS)
            speeds[stack.name].append(result)
    return speeds


def _few_of_each_sender(mails: list[Sorted]) -> list[Sorted]:
    seen: Counter[str] = Counter()
    few = []
    for one in mails:
        seen[one.mail.mail_from] += 1
        if seen[one.mail.mail_from] <= _OF_ONE_SENDER:
            few.append(one)
    return few
