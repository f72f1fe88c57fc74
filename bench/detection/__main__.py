"""`python -m bench.detection CORPUS`: what becomes of sorted mails and how fast, ours beside stock, for the page.

The corpus is a folder or an archive whose folders are named for `ham` and `spam`. Every second mail is learned from,
the others are measured. Nothing is asked of the outside: the DNS is made of what the mails' own traces tell.
"""

from __future__ import annotations

import tarfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench import page
from bench.corpus import generate
from bench.detection import report
from bench.detection.corpus import Kind, Sorted, load, names_of, with_names
from bench.detection.run import Fates, learn, measure, measure_again
from bench.detection.speed import Speeds, measure_speed
from bench.opening import own_directory, own_systems
from bench.ours import OurStack
from bench.report import Measured, unwanted
from bench.stack import Stack
from bench.stock import StockStack
from bench.suites.zones import served, zone_files

_CACHE = Path("/var/cache/mailcenter/bench")
_PATIENCE = 310
"""Seconds after which what was delayed is sent again: stock's greylist waits five minutes."""


class Rounds:
    """What was measured: by its name, in the order of measuring."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.found: dict[str, dict[Kind, Fates]] = {}

    def measure(self, name: str, stack: Stack, mails: list[Sorted]) -> None:
        started = time.monotonic()
        self.found[name] = measure(stack, mails, self._mark())
        seconds = time.monotonic() - started
        self._tell(name, f"{len(mails)} mails in {seconds:.0f} s")

    def measure_again(self, name: str, stack: Stack, mails: list[Sorted]) -> None:
        """`name` measured these mails before."""
        later = f"{name}, what was delayed sent again"
        self.found[later] = measure_again(stack, mails, self._mark(), self.found[name])
        self._tell(later, f"{sum(len(fates.put_off) for fates in self.found[name].values())} mails")

    def _mark(self) -> str:
        return f"m{len(self.found)}"

    def _tell(self, name: str, took: str) -> None:
        self._console.print(f"{name}: {took}", highlight=False)
        for kind, fates in self.found[name].items():
            self._console.print(f"  {kind}: {report.words(fates)}", highlight=False)


def _rounds(
    console: Console, stack: ExitStack, mails: list[Sorted], port_base: int
) -> tuple[dict[str, dict[Kind, Fates]], Speeds]:
    rounds = Rounds(console)
    named = with_names(mails)
    lessons, exam = named[::2], named[1::2]
    zone = generate(1, datetime.now(UTC)).zone
    ours = OurStack(own_directory(stack, "detection-ours"), port_base, zone)
    stock_root = own_directory(stack, "detection-stock")
    stock = StockStack(stock_root, port_base + 12, _CACHE, zone, zone_files(names_of(named)))
    for one in (ours, stock):
        stack.callback(one.stop)
        one.start()
    with served(ours.settings, names_of(mails)):
        rounds.measure("ours, clients named as in their traces", ours, mails[1::2])
    with served(ours.settings, names_of(named)):
        ours.forget_names()
        for each in (ours, stock):
            rounds.measure(f"{each.name}, nothing learned", each, exam)
            learn(each, lessons)
            rounds.measure(f"{each.name}, trained", each, exam)
        first_tries_ended = time.monotonic()
        speeds = measure_speed([ours, stock], exam)
        time.sleep(max(0.0, first_tries_ended + _PATIENCE - time.monotonic()))
        for each in (ours, stock):
            rounds.measure_again(f"{each.name}, trained", each, exam)
    for row in report.speed_rows(speeds):
        console.print(f"{row.name}: {row.ours:.2f} and {row.stock:.2f}, {row.ratio:.2f} to 1", highlight=False)
    for name, results in speeds.items():
        for text in unwanted(Measured(deliveries=results)):
            console.print(f"{name}: {text}", markup=False)
    return rounds.found, speeds


def main(
    corpus: Annotated[Path, typer.Argument(help="Folder or archive with folders named for ham and spam.")],
    *,
    port_base: Annotated[int, typer.Option(help="First of twenty free ports on loopback.")] = 3700,
    output: Annotated[Path, typer.Option(help="The page to write.")] = page.PAGE,
) -> None:
    """Measure what becomes of sorted mails."""
    console = Console()
    now = datetime.now(UTC)
    with own_systems(partial(console.print, markup=False), OSError, tarfile.TarError) as stack:
        mails = load(corpus, now)
        if not mails:
            console.print("error: no folder of this corpus is named for ham or spam")
            raise typer.Exit(1)
        found, speeds = _rounds(console, stack, mails, port_base)
    page.put(output, "detection", report.section(mails, found, speeds, now))
    console.print(f"written: {output.name}")


if __name__ == "__main__":
    typer.run(main)
