"""The section about detection of `docs/benchmarks.md`."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from bench import page
from bench.detection.corpus import Kind, Sorted
from bench.detection.run import Fates
from bench.detection.speed import Speeds
from bench.report import HEADINGS, Row, cells, delivery_rows, machine

_HOW = """\
Each mail is sent once, from the client that its own trace (Received) names, by XCLIENT; of the clients of later hops
nothing is stated. The mails are old: their Date is moved so that it is as far from now as it was from its arrival.
Nobody outside is asked: the DNS holds what the traces tell (a client's reverse name and whether it led back), and every
sender's domain with an MX. There is neither SPF, DKIM nor any DNS list for mails of that age, which would find much of
the spam before its content is looked at. But for the first row each client without a confirmed reverse name is given
one: today hardly a wanted mail comes from a client without, then it was every third. Every second mail is learned from,
the others are measured. Months of mail come in minutes, which is why a busy list may be put off by the rule `rate`.
Bans are on, the greylist is off. Stock puts a mark into spam instead of filing it into Junk, and delays it by
greylisting from a score of 4 on. A mail server tries again what was delayed: so does the last row of each, more than
five minutes later (stock's greylist waits as long), and tells the ends of all. In between both have been sent up to
250 of the wanted mails again and again, for the speed below.
"""


def words(fates: Fates) -> str:
    """One kind's fates on a line."""
    return f"{fates.refused} refused, {fates.delayed} delayed, {fates.junk} into Junk, {fates.passed} passed"


def speed_rows(speeds: Speeds) -> list[Row]:
    """How fast the wanted mails were delivered, and at what cost."""
    return delivery_rows(speeds["ours"], speeds["stock"]) if speeds else []


def _speed(speeds: Speeds) -> list[str]:
    if not speeds:
        return []
    return [
        "### How fast these mails are delivered\n",
        page.table(HEADINGS, [cells(row) for row in speed_rows(speeds)]) + "\n",
        f"{speeds['ours'][0].count} of the wanted mails, which both take, in {len(speeds['ours'])} rounds in turn when "
        f"both have learned; ten at a time, a connection each. {machine()}.\n",
    ]


def section(mails: list[Sorted], found: dict[str, dict[Kind, Fates]], speeds: Speeds, when: datetime) -> str:
    """The section's text."""
    counts = Counter(one.kind for one in mails)
    lines = [
        [name, kind, *(share(number, fates.total) for number in figures(fates))]
        for name, kinds in found.items()
        for kind, fates in kinds.items()
    ]
    reasons = [
        [name, kind, reason, str(count)]
        for name, kinds in found.items()
        for kind, fates in kinds.items()
        for reason, count in fates.reasons.most_common()
    ]
    parts = [
        "## Detection\n",
        f"Written by `python -m bench.detection CORPUS` on {when:%Y-%m-%d}; {counts['ham']} wanted mails and "
        f"{counts['spam']} spam of a public corpus from 2002.\n",
        page.table(["", "kind", "refused", "delayed", "Junk", "passed"], lines) + "\n",
        _HOW,
        *_speed(speeds),
        "### The reasons that senders were given\n",
        page.table(["", "kind", "reply", "mails"], reasons) + "\n",
    ]
    return "\n".join(parts)


def figures(fates: Fates) -> tuple[int, int, int, int]:
    return fates.refused, fates.delayed, fates.junk, fates.passed


def share(number: int, total: int) -> str:
    return f"{number} ({100 * number / max(1, total):.1f} %)"
