"""`python -m bench.guessing`, also a part of `make bench`: the guard beside fail2ban, and what it costs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench import page
from bench.guessing.cases import Case, cases
from bench.guessing.cost import LOGIN, PASSWORD, Cost, measure, median
from bench.guessing.judges import Judged, by_fail2ban, by_the_guard
from bench.opening import own_directory, own_systems
from bench.ours import OurStack
from bench.report import machine
from mailcenter.settings.load import CONFIG_VARIABLE

_HOW = """\
The same tries go to both with a clock that is moved: to the guard's own code on a Redis, and to fail2ban's own code
with Debian's jail `dovecot` and its packaged filter, on the lines that Dovecot logs for them. *Wrongly refused* are
logins of the owner with the right password that were turned away; *looked at* are an attacker's guesses whose password
was compared. What costs is measured on one platform, the same logins by IMAP in turn with the guard and without it
(Dovecot's `auth_policy_server_url` unset); CPU is that of all its processes, the history of logins included.
"""


def _log(text: str) -> None:
    Console(stderr=True).print(text, markup=False)


def main(
    logins: Annotated[int, typer.Option(help="Logins of a round; 0: only judge the cases.")] = 200,
    rounds: Annotated[int, typer.Option(help="Rounds with the guard, and as many without.")] = 3,
    port_base: Annotated[int, typer.Option(help="First of the ports.")] = 23000,
    output: Annotated[Path, typer.Option(help="The page.")] = page.PAGE,
) -> None:
    """Judge the cases, measure the cost, write the section."""
    with own_systems(_log) as stack:
        lines = [_line(case.name, _guarded(case), by_fail2ban(case)) for case in cases()]
        _log("the cases are judged")
        costs = _costs(stack, logins, rounds, port_base) if logins else {}
    headings = ["case", "wrongly refused: guard", "fail2ban", "guesses looked at: guard", "fail2ban"]
    command = f"python -m bench.guessing --logins {logins} --rounds {rounds}"
    text = "\n".join(
        [
            "## Guesses at passwords\n",
            f"Written by `{command}` on {datetime.now(UTC):%Y-%m-%d}; {machine()}.\n",
            page.table(headings, lines) + "\n",
            *_cost_table(costs),
            _HOW,
        ]
    )
    page.put(output, "guessing", text)
    _log(f"written: {output.name}")


def _cost_table(costs: dict[str, Cost]) -> list[str]:
    if not costs:
        return []
    figures = [
        ["logins per second", *(f"{median(costs[name].per_second):.1f}" for name in costs)],
        ["CPU per login, ms", *(f"{median(costs[name].cpu_ms):.1f}" for name in costs)],
        ["a login's answer, median ms", *(f"{1000 * median(costs[name].seconds):.1f}" for name in costs)],
    ]
    return [page.table(["", "with the guard", "without"], figures) + "\n"]


def _guarded(case: Case) -> Judged:
    folder = Path(tempfile.mkdtemp(prefix="mc-guard-"))
    try:
        return by_the_guard(case, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _line(name: str, guard: Judged, fail2ban: Judged) -> list[str]:
    pair = (guard, fail2ban)
    refused = [f"{one.wrongly_refused} of {one.good}" if one.good else "–" for one in pair]
    looked = [f"{one.looked_at} of {one.guesses}" if one.guesses else "–" for one in pair]
    return [name, *refused, *looked]


def _costs(stack: ExitStack, logins: int, rounds: int, port_base: int) -> dict[str, Cost]:
    ours = OurStack(own_directory(stack, "guessing"), port_base, "")
    stack.callback(ours.stop)
    ours.start()
    subprocess.run(
        [sys.executable, "-m", "mailcenter.run.cli", "mailbox", "add", LOGIN, "--password-stdin"],
        env=os.environ | {CONFIG_VARIABLE: str(ours.config)},
        input=f"{PASSWORD}\n",
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return measure(ours, logins, rounds)


if __name__ == "__main__":
    typer.run(main)
