"""The section about the flood of `docs/benchmarks.md`."""

from __future__ import annotations

import statistics
from datetime import datetime

from bench import page
from bench.flood.bots import SHARES
from bench.flood.run import Measured
from bench.report import machine

_HOW = """\
Both stacks run side by side and are measured in turn with the same bots. Each bot has a connection of its own. A
*banned* bot comes from an address that ours has banned (postscreen ends the connection); a *listed* one from an address
on a DNS block list that ours asks; both bring spam for a mailbox that exists, as the bot *spam* does from a clean
address. Stock has neither bans nor DNS lists in Postfix and finds all three by the content. Spam is the test mail that
every filter knows (GTUBE). In the flood 99 bots come to a good mail, thirty at a time and as fast as they are answered;
harvesters are banned on the way, as they would be. CPU is user and system time of all processes of a stack until it has
come to rest, the median of three rounds.
"""


def percentile(values: list[float], share: float) -> float:
    """The smallest value that so large a share of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def section(ours: Measured, stock: Measured, *, mails: int, command: str, when: datetime) -> str:
    """The section's text."""
    costs = [
        [f"CPU for a bot: {sort}, ms", *(f"{statistics.median(one.refusal[sort]):.2f}" for one in (ours, stock))]
        for sort in SHARES
    ]
    times = [
        [f"{what}, {name} ms", *(f"{1000 * percentile(values, share):.0f}" for values in pair)]
        for what, pair in (
            (
                "filter time of a mail without attachment (end of DATA to reply, no flood)",
                (ours.filtering, stock.filtering),
            ),
            ("good mail in the flood, connect to mailbox", (ours.to_mailbox, stock.to_mailbox)),
        )
        for name, share in (("median", 0.5), ("99th percentile", 0.99))
    ]
    counts = [
        ["good mails delivered", f"{len(ours.to_mailbox)} of {mails}", f"{len(stock.to_mailbox)} of {mails}"],
        *(
            [
                f"not taken in the flood: {sort}",
                *(f"{one.refused[sort][0]} of {one.refused[sort][1]}" for one in (ours, stock)),
            ]
            for sort in SHARES
        ),
        ["bots answered per second", f"{ours.bots_per_second:.0f}", f"{stock.bots_per_second:.0f}"],
    ]
    parts = [
        "## Flood\n",
        f"Written by `{command}` on {when:%Y-%m-%d}; {machine()}.\n",
        page.table(["", "ours", "stock"], [*costs, *times, *counts]) + "\n",
        _HOW,
    ]
    return "\n".join(parts)
