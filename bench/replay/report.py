"""Tell the account of a replay as tables."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.table import Table

from bench.replay.run import Replay

_SHOWN_FAULTS = 30


def _counts(console: Console, title: str, counts: Counter[str]) -> None:
    if not counts:
        return
    table = Table("", "count", title=title, title_justify="left")
    for name, count in counts.most_common(25):
        table.add_row(name, str(count))
    console.print(table)


def show(console: Console, replay: Replay) -> None:
    """Print everything; faults last, where they are seen."""
    account = replay.account
    table = Table("what", "count", title="Replay", title_justify="left")
    mails = account.fates.total()
    rows = {
        "mails": mails,
        "delivered": account.fates["delivered"],
        "refused": account.fates["refused"],
        "unexplained": account.fates["unexplained"],
        "attempts": account.attempts,
        "connections lost": account.lost,
        "of these after the end of DATA": account.in_doubt,
        "accepted transactions (ledger)": account.accepted,
        "transactions found in mailboxes": account.delivered,
        "duplicates, explained": account.duplicates,
    }
    for name, count in rows.items():
        table.add_row(name, str(count))
    console.print(table)
    _counts(console, "Refusals", account.refusals)
    _counts(console, "Deferrals, sent again later", account.deferrals)
    _counts(console, "Folders", account.folders)
    _counts(console, "Header fields added", account.added)
    _counts(console, "Header fields removed", account.removed)
    if replay.deaths:
        killed = Table(
            "killed", "process", "after mails", "back after s", title="Killed on the way", title_justify="left"
        )
        for death in replay.deaths:
            back = "never" if death.back_after is None else f"{death.back_after:.1f}"
            killed.add_row(death.victim, str(death.pid), str(death.at), back)
        console.print(killed)
    for fault in account.faults[:_SHOWN_FAULTS]:
        console.print(f"unexplained: {fault}", markup=False, highlight=False)
    if len(account.faults) > _SHOWN_FAULTS:
        console.print(f"… and {len(account.faults) - _SHOWN_FAULTS} more")
    console.print(f"audit: {replay.audit}", markup=False, highlight=False)
    console.print(f"{mails} mails in {replay.seconds:.0f} s: {'nothing unexplained' if replay.clean else 'NOT CLEAN'}")
