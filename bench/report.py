"""What the rounds have shown, as a table for the screen and as `docs/benchmarks.md`."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import page
from bench.measure import Result


@dataclass
class Measured:
    """All rounds of one stack."""

    deliveries: list[Result] = field(default_factory=list)
    refusals: list[Result] = field(default_factory=list)
    delays: list[list[float]] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One figure of both stacks, round by round."""

    name: str
    ours_by_round: list[float]
    stock_by_round: list[float]
    more_is_better: bool

    @property
    def ours(self) -> float:
        return statistics.median(self.ours_by_round)

    @property
    def stock(self) -> float:
        return statistics.median(self.stock_by_round)

    @property
    def ratio(self) -> float:
        """Ours to stock: of the rounds' ratios the median, as the machine's speed changes between rounds."""
        return statistics.median(
            ours / stock for ours, stock in zip(self.ours_by_round, self.stock_by_round, strict=True)
        )

    @property
    def at_least_as_good(self) -> bool:
        return self.ratio >= 1 if self.more_is_better else self.ratio <= 1


def delivery_rows(ours: list[Result], stock: list[Result]) -> list[Row]:
    """How many mails are delivered, and at what cost."""

    def row(name: str, figure: Callable[[Result], float], *, more: bool) -> Row:
        return Row(name, list(map(figure, ours)), list(map(figure, stock)), more_is_better=more)

    return [
        row("delivered mails per second", lambda one: one.per_second, more=True),
        row("CPU per delivered mail, ms", lambda one: one.cpu_ms, more=False),
    ]


def rows(ours: Measured, stock: Measured) -> list[Row]:
    """The figures."""

    def row(name: str, figure: Callable[[Measured], list[float]], *, more: bool) -> Row:
        return Row(name, figure(ours), figure(stock), more_is_better=more)

    return [
        *delivery_rows(ours.deliveries, stock.deliveries),
        row(
            "end of DATA to mailbox at 5 mails/s, median ms",
            lambda all_: [1000 * statistics.median(one) for one in all_.delays],
            more=False,
        ),
        row("refused recipients per second", lambda all_: [one.per_second for one in all_.refusals], more=True),
        row("CPU per refused recipient, ms", lambda all_: [one.cpu_ms for one in all_.refusals], more=False),
    ]


def shares(results: list[Result]) -> dict[str, float]:
    """CPU milliseconds for each thing by daemon, mean of all rounds, the largest first; nothing below 0.005."""
    count = sum(result.count for result in results)
    names = {name for result in results for name in result.cpu}
    means = {name: 1000 * sum(result.cpu.get(name, 0.0) for result in results) / count for name in names}
    return {name: value for name, value in sorted(means.items(), key=lambda item: -item[1]) if value >= 0.005}


def unwanted(measured: Measured) -> list[str]:
    """Replies that were not the wanted ones, with their number."""
    found = [f"{count} × {text}" for result in measured.deliveries for text, count in result.outcomes.items()]
    return found + [f"{count} × {text}" for result in measured.refusals for text, count in result.outcomes.items()]


def cells(row: Row) -> list[str]:
    """A line of the table below `HEADINGS`."""
    better = "more" if row.more_is_better else "less"
    return [
        row.name,
        f"{row.ours:.2f}",
        f"{row.stock:.2f}",
        f"{row.ratio:.2f}",
        better,
        "yes" if row.at_least_as_good else "no",
    ]


HEADINGS = ["", "ours", "stock", "ours : stock", "better is", "as good or better"]


def show(console: Console, ours: Measured, stock: Measured) -> None:
    """The figures, and where the CPU time went."""
    table = Table(*HEADINGS, title="Ours beside stock", title_justify="left")
    for row in rows(ours, stock):
        table.add_row(*cells(row))
    console.print(table)
    for name, measured in (("ours", ours), ("stock", stock)):
        for what, results in (("delivered mail", measured.deliveries), ("refusal", measured.refusals)):
            parts = ", ".join(f"{daemon} {value:.2f}" for daemon, value in shares(results).items())
            console.print(f"CPU ms per {what}, {name}: {parts}", highlight=False)
        for text in unwanted(measured):
            console.print(f"{name}: {text}", markup=False)


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        "unknown processor",
    )
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB memory"


_STOCK = """\
- Debian 12's Postfix with its packaged `main.cf` and services, virtual mailboxes in a hash file, delivery to Dovecot by
  LMTP.
- Rspamd with its packaged defaults as Postfix's milter (`smtpd_milters = inet:…`), Redis for its Bayes classifier, as
  its quick start says.
- Its fuzzy, neural and greylisting modules are on, and it asks DNS lists about links, as packaged; in ours they are off
  (`spam.link_lists` switches the lists on).
- Dovecot with Debian's packaged settings, users in a passwd-file, maildir.
- No virus scanner, no ledger, no database: ours has them, and what they take counts on our side.
"""

_HOW = """\
Both stacks run on one machine at the same time and are measured in turn, so that its noise meets both alike. Of all
rounds the median counts, and of their ratios too: a shared machine's speed drifts by a fifth between rounds, much less
within one. Both have a resolver of the same software with the same zones, which answers at once and asks nobody else;
both have learned the same mails; clients state an outside address by XCLIENT; each mail and each refusal has a
connection of its own. The client runs on the same machine and slows both.

- **Delivered** is a mail whose file has been put in its place in the mailbox (inotify, maildir and sdbox alike).
- **CPU** is user and system time of all processes of a stack (`/proc/PID/stat` of each process tree, ended children
  included), from the first connection until the stack has come to rest, so that late writes of logs and ledger count.
- **Refused** is a recipient that does not exist, refused at RCPT.
"""


def write(path: Path, ours: Measured, stock: Measured, *, corpus: str, command: str, when: datetime) -> None:
    """Write the page's section about both stacks anew."""
    parts = [
        "## Ours beside stock\n",
        f"Written by `{command}` on {when:%Y-%m-%d}; {machine()}. {corpus}\n",
        page.table(HEADINGS, [cells(row) for row in rows(ours, stock)]) + "\n",
        "### Where the CPU time goes\n",
        _shares_table("CPU ms per delivered mail", ours.deliveries, stock.deliveries) + "\n",
        _shares_table("CPU ms per refused recipient", ours.refusals, stock.refusals) + "\n",
        "### How it is measured\n",
        _HOW,
        "### What stock is\n",
        _STOCK,
    ]
    page.put(path, "stacks", "\n".join(parts))


def _shares_table(title: str, ours: list[Result], stock: list[Result]) -> str:
    own, other = shares(ours), shares(stock)
    names = list(dict.fromkeys([*own, *other]))
    lines = [[name, f"{own.get(name, 0):.2f}", f"{other.get(name, 0):.2f}"] for name in names]
    return page.table([title, "ours", "stock"], lines)
