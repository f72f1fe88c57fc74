"""`python -m bench.replay`: send corpora through a running platform and account for every mail."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bench.mails import Mail, read
from bench.replay import chaos, mailbox
from bench.replay.judge import Account, Evidence, judge, reference_of
from bench.replay.ledger import Ledger
from bench.replay.platform import Platform, PlatformError, wait_until
from bench.replay.report import show
from bench.replay.sender import Pace, Sending, send_all

_QUEUE_SECONDS = 300.0
_LEDGER_SECONDS = 60.0
_FLUSH_SECONDS = 3.0


def _sendings(mails: Iterator[Mail], logins: list[mailbox.Login], tag: str) -> list[Sending]:
    """Each mail to one of the mailboxes in turn, at an address of its own by which it is found again."""
    found = []
    for number, (mail, login) in enumerate(zip(mails, itertools.cycle(logins))):
        local_part, _, domain = login.address.partition("@")
        found.append(Sending(number, mail, f"{local_part}+{tag}-{number}@{domain}"))
    return found


async def _replay(
    platform: Platform, sendings: list[Sending], *, connections: int, seconds: float, victims: tuple[str, ...]
) -> list[chaos.Death]:
    mails = len(sendings)
    pace = Pace(0 if victims else mails)
    sending = send_all(sendings, platform.target(), pace, connections=connections, seconds=seconds)
    with Progress(transient=True) as bar:
        showing = asyncio.create_task(_show_progress(bar, pace, mails))
        try:
            if not victims:
                await sending
                return []
            deaths, _ = await asyncio.gather(chaos.reap(platform, victims, mails, pace), sending)
            return deaths
        finally:
            showing.cancel()


async def _show_progress(bar: Progress, pace: Pace, mails: int) -> None:
    task = bar.add_task("mails", total=mails)
    for number in range(1, mails + 1):
        await pace.reached(number)
        bar.update(task, completed=number)


def _settled(ledger: Ledger, tag: str) -> bool:
    """Whether the ledger knows an end of each mail that it knows to be accepted."""
    records = [record for group in ledger.records(tag).values() for record in group]
    return all("delivered" in record.events for record in records if record.accepted)


def _account(platform: Platform, ledger: Ledger, sendings: list[Sending], tag: str) -> Account:
    copies = mailbox.read(platform.access(), platform.mailboxes(), tag)
    records = ledger.records(tag)
    verdicts = ledger.verdicts([reference_of(one.last.text) for one in sendings if one.attempts])
    own_names = (platform.host_name.encode(),)
    account = Account()
    for sending in sendings:
        number = sending.number
        evidence = Evidence(sending, copies.get(number, []), records.get(number, []), verdicts)
        judge(evidence, account, own_names)
    return account


def run(platform: Platform, mails: Iterator[Mail], *, connections: int, seconds: float, kill: bool) -> bool:
    """Replay, print the account, and tell whether nothing was left unexplained.

    Raises:
        PlatformError: the platform does not serve.
    """
    console = Console()
    tag = f"r{secrets.token_hex(3)}"
    sendings = _sendings(mails, platform.mailboxes(), tag)
    ledger = Ledger(platform.paths.postgres_socket_dir, datetime.now(UTC) - timedelta(minutes=1))
    started = time.monotonic()
    victims = chaos.VICTIMS if kill else ()
    deaths = asyncio.run(_replay(platform, sendings, connections=connections, seconds=seconds, victims=victims))
    taken = time.monotonic() - started
    wait_until(platform.queue_emptied, "an empty queue", _QUEUE_SECONDS, step=_FLUSH_SECONDS)
    try:
        wait_until(lambda: _settled(ledger, tag), "the ledger to know every end", _LEDGER_SECONDS, step=1)
    except PlatformError as error:
        console.print(str(error))  # the account names the mails
    account = _account(platform, ledger, sendings, tag)
    agreed, audit = platform.audit()
    show(console, account, deaths, audit, taken)
    return account.clean and agreed and all(death.back_after is not None for death in deaths)


def main(
    corpus: Annotated[list[Path], typer.Option(help="Folder or tar archive of mails; may be given several times.")],
    platform_config: Annotated[Path, typer.Option(help="The running platform's mailcenter.toml.")],
    *,
    kill: Annotated[bool, typer.Option("--kill", help="Kill each part of the platform once on the way.")] = False,
    connections: Annotated[int, typer.Option(min=1, max=50, help="Connections at a time.")] = 8,
    limit: Annotated[int, typer.Option(help="Send only so many mails.")] = 1_000_000,
    seconds: Annotated[float, typer.Option(help="Give up mails that are undecided after so long.")] = 1800,
) -> None:
    """Send every mail of the corpora through the platform and account for each; exit code 1 if one is unexplained."""
    mails = itertools.islice(itertools.chain.from_iterable(read(path) for path in corpus), limit)
    try:
        clean = run(Platform(platform_config), mails, connections=connections, seconds=seconds, kill=kill)
    except PlatformError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None
    raise typer.Exit(0 if clean else 1)


if __name__ == "__main__":
    typer.run(main)
