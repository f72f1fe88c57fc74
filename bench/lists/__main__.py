"""`python -m bench.lists`, also a part of `make bench`: what the center's lists cost with ten thousand mailboxes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bench import page
from bench.opening import own_directory, own_systems
from bench.ours import OurStack
from bench.report import machine
from bench.stack import StackError
from mailcenter.settings.load import CONFIG_VARIABLE

_HOW = """\
Milliseconds of a request, median, and in parentheses how many queries it asks, by who looks. 10,000 mailboxes in 300
domains of 60 organisations, 3,000 aliases, 118,000 lines of logins, 100,000 of the audit, 100,000 mails of a week. The
domain administrator has 60 domains with 2,000 mailboxes, the reseller 29 organisations with 4,000. Each request is made
as the center makes it: in a transaction behind row-level security, with the center's role in PostgreSQL; the web server
before it is left out. A dash: this role has no such list.
"""


def _log(text: str) -> None:
    Console(stderr=True).print(text, markup=False, highlight=False)


def main(
    port_base: Annotated[int, typer.Option(help="First of the ports.")] = 23000,
    output: Annotated[Path, typer.Option(help="The page.")] = page.PAGE,
) -> None:
    """Fill a platform's database, open every list as each role, write the section."""
    with own_systems(_log) as stack:
        ours = OurStack(own_directory(stack, "lists"), port_base, "")
        stack.callback(ours.stop)
        ours.start()
        _log("the platform has started")
        found = _ask(ours)
    page.put(output, "lists", _section(found))
    _log(f"written: {output.name}")


def _ask(ours: OurStack) -> dict[str, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.lists.ask"],
        env=os.environ | {CONFIG_VARIABLE: str(ours.config)},
        text=True,
        check=False,
        capture_output=True,
    )
    if done.returncode != 0:
        raise StackError(f"the lists do not answer: {done.stderr.strip()[-500:]}")
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


def _section(found: dict[str, dict[str, Any]]) -> str:
    roles = list(next(iter(found.values())))
    lines = [[f"`{path}`", *(_cell(costs[role]) for role in roles)] for path, costs in found.items()]
    return "\n".join(
        [
            "## Lists with ten thousand mailboxes\n",
            f"Written by `python -m bench.lists` on {datetime.now(UTC):%Y-%m-%d}; {machine()}.\n",
            page.table(["", *roles], lines) + "\n",
            _HOW,
        ]
    )


def _cell(cost: tuple[float, int] | None) -> str:
    return f"{cost[0]:.0f} ({cost[1]})" if cost else "–"


if __name__ == "__main__":
    typer.run(main)
