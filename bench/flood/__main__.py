"""`python -m bench.flood`, also a part of `make bench`: bots and good mails, ours beside stock."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from bench import page
from bench.corpus import generate
from bench.flood import report
from bench.flood.bots import BANNED_SOURCE, LISTED, from_elsewhere
from bench.flood.run import Measured, filtering, good_mails, refusals
from bench.mails import Mail
from bench.opening import own_directory, own_systems
from bench.ours import OurStack
from bench.stack import Stack
from bench.stock import StockStack

_CACHE = Path("/var/cache/mailcenter/bench")
_LISTS = ("block.lists.example", "block.more-lists.example")
_WITH_ATTACHMENT = b"Content-Disposition: attachment"


def _list_zone() -> str:
    listed = (f"{octet}.113.0.203 A 127.0.0.2" for octet in LISTED)
    return "\n".join(["$TTL 3600", "@ SOA ns h 1 3600 600 86400 60", "@ NS ns", "ns A 127.0.0.1", *listed, ""])


async def _measure(console: Console, stacks: list[Stack], mails: list[Mail], bots: int) -> dict[str, Measured]:
    found = {stack.name: Measured() for stack in stacks}
    plain = [mail for mail in mails if _WITH_ATTACHMENT not in mail.content]
    for stack in stacks:
        await filtering(stack, plain[:10], Measured())  # warm
        await filtering(stack, plain, found[stack.name])
    await refusals([(stack, found[stack.name]) for stack in stacks], bots)
    for stack in stacks:
        one = found[stack.name]
        await good_mails(stack, mails, one)
        console.print(f"{stack.name}: {dict(one.refusal)}, {dict(one.replies)}", markup=False, highlight=False)
    return found


def main(
    *,
    mails: Annotated[int, typer.Option(help="Good mails; 99 bots come to each.")] = 100,
    bots: Annotated[int, typer.Option(help="Bots of each sort and round for the CPU of a refusal.")] = 500,
    port_base: Annotated[int, typer.Option(help="First of twenty free ports on loopback.")] = 3700,
    output: Annotated[Path, typer.Option(help="The page to write.")] = page.PAGE,
) -> None:
    """Measure a flood of bots around good mails."""
    console = Console()
    with own_systems(partial(console.print, markup=False)) as stack:
        generated = generate(mails, datetime.now(UTC))
        good = [from_elsewhere(mail, number) for number, mail in enumerate(generated.mails)]
        zones = dict.fromkeys(_LISTS, _list_zone())
        ours = OurStack(own_directory(stack, "flood-ours"), port_base, generated.zone, zones)
        stock = StockStack(own_directory(stack, "flood-stock"), port_base + 12, _CACHE, generated.zone, zones)
        for one in (stock, ours):
            stack.callback(one.stop)
            one.start()
        ours.command("gate", "ban", "add", BANNED_SOURCE, "--for", "1d")
        found = uvloop.run(_measure(console, [ours, stock], good, bots))
    text = report.section(
        found["ours"], found["stock"], mails=mails, command="python -m bench.flood", when=datetime.now(UTC)
    )
    page.put(output, "flood", text)
    console.print(f"written: {output.name}")


if __name__ == "__main__":
    typer.run(main)
