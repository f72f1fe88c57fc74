"""What was measured of logins and idle sessions, as a section of the page."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bench import page
from bench.logins.measure import AT_ONCE, Idle, Logins, percentile
from bench.report import machine

_HOW: Final = f"""\
*Ours* is the whole platform as shipped: Dovecot asks the guard before each login and tells it after, the logins daemon
compares the password, the history of logins goes to PostgreSQL. *Dovecot alone* is Debian's with its packaged settings
(only the limits on processes are raised), users in a passwd-file with the same hash as ours: Argon2id of the same cost,
the same certificate. Logins are by IMAP over TLS, a connection each, {AT_ONCE} at a time, right passwords, the two in
turn; of the rounds the median counts. CPU is that of all processes of a stack, what is written a moment later included.
The client runs on the same machine and slows both.

Idle sessions have selected their inbox and wait in IDLE over TLS. Memory is what the proportional set size of all
processes of a stack grew by. The logins meanwhile come one after the other, with the right password of the mailbox.
A new mail is then put into two mailboxes: all their sessions hear of it and go on.
"""


def section(found: Mapping[str, Logins], idling: Mapping[str, Idle], *, command: str, when: datetime) -> str:
    """Both stacks by their names, `ours` and `stock`."""
    names = ("ours", "stock")
    logins = [
        ["logins per second", *(f"{statistics.median(found[name].per_second):.1f}" for name in names)],
        ["CPU per login, ms", *(f"{statistics.median(found[name].cpu_ms):.1f}" for name in names)],
        ["a login, median ms", *(f"{1000 * statistics.median(found[name].seconds):.0f}" for name in names)],
    ]
    sessions = [
        ["idle sessions", *(str(idling[name].sessions) for name in names)],
        ["memory per session, KiB", *(f"{sum(idling[name].kib.values()):.0f}" for name in names)],
        ["a login meanwhile, median ms", *(f"{1000 * percentile(idling[name].seconds, 50):.0f}" for name in names)],
        ["99th percentile, ms", *(f"{1000 * percentile(idling[name].seconds, 99):.0f}" for name in names)],
        ["from a new mail to its notice, median s", *(f"{statistics.median(idling[name].told):.1f}" for name in names)],
    ]
    headings = ["", "ours", "Dovecot alone"]
    return "\n".join(
        [
            "## Logins and idle sessions\n",
            f"Written by `{command}` on {when:%Y-%m-%d}; {machine()}.\n",
            page.table(headings, logins) + "\n",
            page.table(["CPU ms per login, ours", ""], _shares(found["ours"])) + "\n",
            page.table(headings, sessions) + "\n",
            _HOW,
        ]
    )


def _shares(found: Logins) -> list[list[str]]:
    """By daemon, median of the rounds, the largest first."""
    names = {name for share in found.shares for name in share}
    middle = {name: statistics.median(share.get(name, 0.0) for share in found.shares) for name in names}
    return [[name, f"{ms:.1f}"] for name, ms in sorted(middle.items(), key=lambda item: -item[1]) if ms >= 0.1]
