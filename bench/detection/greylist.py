"""`python -m bench.detection.greylist CORPUS`: which wanted mails the greylist puts off, and what it does to spam.

As `bench.detection`, ours alone and trained, with the greylist on as on a server and clients that try again.
"""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench import page
from bench.corpus import generate
from bench.detection import report
from bench.detection.corpus import Kind, Sorted, load, names_of, with_names
from bench.detection.run import Fates, learn, measure
from bench.ours import OurStack
from bench.stack import StackError
from bench.suites.zones import served

WAIT = 2
"""Seconds of greylisting: months of mail come in minutes, so the usual minute would be a day."""
_HOW = f"""\
The mails, clients and names of the section about detection, with a confirmed reverse name for each client. Every second
mail is learned from; the others come in the order in which they once came, each from its client. A greylisted one is
sent again after the time that the reply names, as a mail server does. The greylist waits {WAIT} seconds instead of a
minute, as months of mail come in minutes; all else is as on a server, bans too. At the start no client is known: on a
server that has run for a while fewer are put off. Spam is sent again as well, which most programs that send it do not
do.
"""


def section(found: dict[Kind, Fates], when: datetime) -> str:
    """The section's text."""
    lines = [
        [kind, *(report.share(number, fates.total) for number in (fates.late, *report.figures(fates)))]
        for kind, fates in found.items()
    ]
    reasons = [
        [kind, reply, str(count)] for kind, fates in found.items() for reply, count in fates.reasons.most_common()
    ]
    parts = [
        "## Greylisting\n",
        f"Written by `python -m bench.detection.greylist CORPUS` on {when:%Y-%m-%d}.\n",
        page.table(["kind", "put off first", "refused", "delayed", "Junk", "passed"], lines) + "\n",
        _HOW,
        "### What those were told that did not pass\n",
        page.table(["kind", "reply", "mails"], reasons) + "\n",
    ]
    return "\n".join(parts)


def _measure(mails: list[Sorted], port_base: int) -> dict[Kind, Fates]:
    named = with_names(mails)
    with ExitStack() as stack:
        root = Path(tempfile.mkdtemp(prefix="mc-greylist-"))
        stack.callback(shutil.rmtree, root, ignore_errors=True)
        ours = OurStack(root, port_base, generate(1, datetime.now(UTC)).zone)
        stack.callback(ours.stop)
        ours.start()
        ours.command("gate", "rule", "set", "greylist", f"wait={WAIT}")
        with served(ours.settings, names_of(named)):
            learn(ours, named[::2])
            return measure(ours, named[1::2], "g", patient=True)


def main(
    corpus: Annotated[Path, typer.Argument(help="Folder or archive with folders named for ham and spam.")],
    *,
    port_base: Annotated[int, typer.Option(help="First of twenty free ports on loopback.")] = 3750,
    output: Annotated[Path, typer.Option(help="The page to write.")] = page.PAGE,
) -> None:
    """Measure what the greylist does to sorted mails."""
    console = Console()
    if os.geteuid() != 0:
        console.print("error: the mail system is started as root")
        raise typer.Exit(1)
    now = datetime.now(UTC)
    try:
        found = _measure(load(corpus, now), port_base)
    except (OSError, tarfile.TarError, StackError) as error:
        console.print(f"error: {error}", markup=False)
        raise typer.Exit(1) from None
    page.put(output, "greylist", section(found, now))
    for kind, fates in found.items():
        console.print(f"{kind}: {fates.late} of {fates.total} put off first; {report.words(fates)}", highlight=False)


if __name__ == "__main__":
    typer.run(main)
