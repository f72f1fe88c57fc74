"""A whole replay: send, wait for rest, read the mailboxes, ask the ledger, account."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from rich.progress import Progress

from bench.mails import Mail
from bench.replay import chaos, mailbox
from bench.replay.judge import Account, Evidence, judge, reference_of
from bench.replay.ledger import Ledger
from bench.replay.platform import Platform, PlatformError, wait_until
from bench.replay.sender import Pace, Sending, send_all
from bench.smtp import Client

_QUEUE_SECONDS = 300.0
_LEDGER_SECONDS = 60.0
_FLUSH_SECONDS = 3.0


@dataclass(frozen=True)
class Replay:
    """What came of it; `seconds` is the time of sending, `audit` the words of the ledger's own audit."""

    account: Account
    deaths: list[chaos.Death]
    audit: str
    audit_agrees: bool
    seconds: float

    @property
    def clean(self) -> bool:
        """Nothing unexplained, and everything that was killed is back."""
        return self.account.clean and self.audit_agrees and all(death.back_after is not None for death in self.deaths)


def _sendings(mails: Iterable[Mail], logins: list[mailbox.Login], tag: str, *, clients: bool) -> list[Sending]:
    """Each mail to one of the mailboxes in turn, at an address of its own by which it is found again."""
    found = []
    for number, (mail, login) in enumerate(zip(mails, itertools.cycle(logins))):
        local_part, _, domain = login.address.partition("@")
        told = mail if clients else replace(mail, client=Client())
        found.append(Sending(number, told, f"{local_part}+{tag}-{number}@{domain}"))
    return found


async def _send(
    platform: Platform,
    sendings: list[Sending],
    *,
    connections: int,
    seconds: float,
    victims: tuple[str, ...],
    harm: chaos.Harm,
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
            deaths, _ = await asyncio.gather(chaos.reap(platform, victims, mails, pace, harm), sending)
            return deaths
        finally:
            showing.cancel()


async def _show_progress(bar: Progress, pace: Pace, mails: int) -> None:
    task = bar.add_task("mails", total=mails)
    for number in range(1, mails + 1):
        await pace.reached(number)
        bar.update(task, completed=number)


def _settled(ledger: Ledger, tag: str, references: set[str]) -> bool:
    """Whether the ledger knows an end of each mail that it knows to be accepted, and each reference of a reply."""
    if not references <= set(ledger.verdicts(sorted(references))):
        return False
    records = [record for group in ledger.records(tag).values() for record in group]
    return all("delivered" in record.events for record in records if record.accepted)


def _rest(platform: Platform, ledger: Ledger, tag: str, references: set[str]) -> list[str]:
    """Wait until nothing is under way any more; gives what did not come to rest in time."""
    late = []
    for condition, what, seconds in (
        (platform.queue_emptied, "an empty queue", _QUEUE_SECONDS),
        (lambda: _settled(ledger, tag, references), "the ledger to know every end", _LEDGER_SECONDS),
    ):
        try:
            wait_until(condition, what, seconds, step=_FLUSH_SECONDS)
        except PlatformError as error:
            late.append(str(error))
    return late


def _references(sendings: list[Sending]) -> set[str]:
    """The references in the last replies; a mail that was accepted has none there."""
    return {reference_of(one.last.text) for one in sendings if one.attempts} - {""}


def _account(platform: Platform, ledger: Ledger, sendings: list[Sending], tag: str) -> Account:
    copies = mailbox.read(platform.access(), platform.mailboxes(), tag)
    records = ledger.records(tag)
    verdicts = ledger.verdicts(sorted(_references(sendings)))
    own_names = (platform.host_name.encode(),)
    account = Account()
    for sending in sendings:
        number = sending.number
        evidence = Evidence(sending, copies.get(number, []), records.get(number, []), verdicts)
        judge(evidence, account, own_names)
    return account


def run(
    platform: Platform,
    mails: Iterable[Mail],
    *,
    connections: int,
    seconds: float,
    victims: tuple[str, ...] = (),
    harm: chaos.Harm = "kill",
    clients: bool = False,
) -> Replay:
    """Send every mail and account for it.

    `victims` are killed on the way (`chaos.VICTIMS`), or halted (`chaos.HALTED`), as `harm` says. `clients`: state the
    addresses from which the mails once came. A platform that is offline knows no names for them, and refuses them all
    for that.

    Raises:
        PlatformError: the platform does not serve.
    """
    tag = f"r{secrets.token_hex(3)}"
    sendings = _sendings(mails, platform.mailboxes(), tag, clients=clients)
    ledger = Ledger(platform.paths.postgres_socket_dir, datetime.now(UTC) - timedelta(minutes=1))
    started = time.monotonic()
    deaths = asyncio.run(
        _send(platform, sendings, connections=connections, seconds=seconds, victims=victims, harm=harm)
    )
    taken = time.monotonic() - started
    late = _rest(platform, ledger, tag, _references(sendings))
    account = _account(platform, ledger, sendings, tag)
    account.faults += late
    agrees, audit = platform.audit()
    return Replay(account, deaths, audit, agrees, taken)
