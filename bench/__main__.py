"""`make bench`: our platform beside the stock way, in one run on the same mails; writes `docs/benchmarks.md`."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from bench import measure, page, report
from bench.corpus import generate
from bench.mails import Mail, read
from bench.opening import own_directory, own_systems
from bench.ours import OurStack
from bench.report import Measured
from bench.stack import Stack
from bench.stock import StockStack

_CACHE = Path("/var/cache/mailcenter/bench")
_LESSONS = 220  # Rspamd's Bayes classifier answers from 200 of each kind on
_WARM_UP = 60
_CONNECTIONS = 10
_BOTS = 20
_MAILS_PER_SECOND = 5.0


class Bench:
    """The rounds; `console` tells what is going on."""

    def __init__(self, console: Console, stacks: list[Stack], mails: list[Mail]) -> None:
        self._console = console
        self._stacks = stacks
        self._mails = mails
        self.measured = {stack.name: Measured() for stack in stacks}

    def _say(self, stack: Stack, text: str) -> None:
        self._console.print(f"{time.strftime('%H:%M:%S')}  {stack.name:5}  {text}", highlight=False)

    async def warm_up(self) -> None:
        for stack in self._stacks:
            await measure.deliveries(stack, self._mails[:_WARM_UP], _CONNECTIONS)
            await measure.refusals(stack, _WARM_UP, _BOTS)

    async def deliveries(self, turn: list[Stack]) -> None:
        for stack in turn:
            result = await measure.deliveries(stack, self._mails, _CONNECTIONS)
            self.measured[stack.name].deliveries.append(result)
            self._say(stack, f"{result.count} delivered: {result.per_second:.1f}/s, {result.cpu_ms:.2f} ms CPU each")

    async def refusals(self, turn: list[Stack], count: int) -> None:
        for stack in turn:
            result = await measure.refusals(stack, count, _BOTS)
            self.measured[stack.name].refusals.append(result)
            self._say(stack, f"{result.count} refused: {result.per_second:.0f}/s, {result.cpu_ms:.3f} ms CPU each")

    async def delays(self, turn: list[Stack], count: int) -> None:
        for stack in turn:
            found = await measure.delays(stack, self._mails[:count], _MAILS_PER_SECOND)
            self.measured[stack.name].delays.append(found)
            self._say(
                stack,
                f"{len(found)} mails at {_MAILS_PER_SECOND:.0f}/s: {1000 * sorted(found)[len(found) // 2]:.0f} ms",
            )

    async def run(self, rounds: int, refusals: int, delays: int) -> None:
        await self.warm_up()
        for number in range(rounds):
            turn = self._stacks if number % 2 == 0 else self._stacks[::-1]
            await self.deliveries(turn)
            await self.delays(turn, delays)
            await self.refusals(turn, refusals)


def _start(console: Console, stack: Stack, lessons: tuple[list[bytes], list[bytes]]) -> None:
    began = time.monotonic()
    stack.start()
    stack.learn(*lessons)
    console.print(
        f"{time.strftime('%H:%M:%S')}  {stack.name:5}  started in {time.monotonic() - began:.0f} s", highlight=False
    )


def main(
    *,
    corpus: Annotated[
        Path | None, typer.Option(help="Folder or archive of real mails instead of generated ones.")
    ] = None,
    mails: Annotated[int, typer.Option(help="Mails of each round.")] = 300,
    rounds: Annotated[int, typer.Option(min=1)] = 9,
    refusals: Annotated[int, typer.Option(help="Refusals of each round.")] = 500,
    delays: Annotated[int, typer.Option(help="Mails of each round sent at 5 a second.")] = 20,
    port_base: Annotated[int, typer.Option(help="First of twenty free ports on loopback.")] = 3700,
    output: Annotated[Path, typer.Option(help="The page to write.")] = page.PAGE,
    keep: Annotated[bool, typer.Option("--keep", help="Leave both state directories behind.")] = False,
) -> None:
    """Measure our platform beside the stock way."""
    console = Console()
    with own_systems(partial(console.print, markup=False)) as stack:
        now = datetime.now(UTC)
        generated = generate(mails, now, lessons=_LESSONS)
        chosen = list(itertools.islice(read(corpus), mails)) if corpus else generated.mails
        ours = OurStack(own_directory(stack, "bench-ours", keep=keep), port_base, generated.zone)
        stock = StockStack(own_directory(stack, "bench-stock", keep=keep), port_base + 12, _CACHE, generated.zone)
        for one in (stock, ours):
            stack.callback(one.stop)
            _start(console, one, (generated.ham, generated.spam))
        bench = Bench(console, [ours, stock], chosen)
        uvloop.run(bench.run(rounds, refusals, delays))
    measured = bench.measured
    report.show(console, measured["ours"], measured["stock"])
    size = sum(len(mail.content) for mail in chosen) / len(chosen) / 1000
    source = "mails from a folder or archive" if corpus else "generated mails, 60 % of them signed"
    told = f"{len(chosen)} {source}, {size:.1f} KB on average, {rounds} rounds."
    report.write(output, measured["ours"], measured["stock"], corpus=told, command="make bench", when=now)
    console.print(f"written: {output.name}")


if __name__ == "__main__":
    typer.run(main)
