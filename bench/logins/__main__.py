"""`python -m bench.logins`, also a part of `make bench`: logins and idle sessions, ours beside Dovecot alone."""

from __future__ import annotations

import asyncio
import os
import re
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench import page
from bench.logins import report
from bench.logins.dovecot import LoneDovecot
from bench.logins.measure import Idle, Login, Logins, Service, idle, logins
from bench.opening import own_directory, own_systems
from bench.ours import OurStack
from bench.stack import DOMAIN, StackError
from mailcenter.engines.doctor.kernel import INSTANCES
from mailcenter.engines.server import MOST_INSTANCES
from mailcenter.passwords.argon2id import START, Cost, hash_password
from mailcenter.settings.load import CONFIG_VARIABLE, paths

_PASSWORD = "walrus-umbrella-42"  # noqa: S105 - of mailboxes that live for minutes
_PER_MAILBOX = 15
_KNOWN = 16
_STOCK_SESSIONS = 300
_MEANWHILE = 200
_SETTLE_SECONDS = 5.0
_COMPLAINT = re.compile(r"^.*(?:Panic|Fatal|Warning|Error): (?!Raw backtrace).*$", re.MULTILINE)


def _log(text: str) -> None:
    Console(stderr=True).print(f"{time.strftime('%H:%M:%S')}  {text}", markup=False, highlight=False)


def _certificate_context(ours: OurStack) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(paths(ours.settings).ca_certificate))


@contextmanager
def _hearing() -> Iterator[None]:
    """Allow as many instances of inotify as the unit of a server does, and take it back in the end."""
    before = INSTANCES.read_text()
    try:
        INSTANCES.write_text(str(MOST_INSTANCES))
    except OSError as error:
        _log(f"sessions will hear of new mail later: {error}")
    try:
        yield
    finally:
        with suppress(OSError):
            INSTANCES.write_text(before)


def _say_why(log: Path, kind: type[BaseException] | None, _error: object, _trace: object) -> None:
    """Where it went wrong, the complaints in Dovecot's log."""
    if kind is not None:
        for line in _COMPLAINT.findall(log.read_text())[-5:]:
            _log(line)


def _app_passwords(ours: OurStack, count: int, password_hash: str) -> list[str]:
    """Of `count` new mailboxes."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.logins.accounts", str(count)],
        env=os.environ | {CONFIG_VARIABLE: str(ours.config)},
        input=f"{password_hash}\n",
        text=True,
        check=False,
        capture_output=True,
    )
    if done.returncode != 0:
        raise StackError(f"no mailboxes: {done.stderr.strip()[-500:]}")
    return done.stdout.split()


async def _logins(services: dict[str, Service], users: list[str], count: int, rounds: int) -> dict[str, Logins]:
    found = {name: Logins() for name in services}
    for service in services.values():
        # The first login of an account takes longer: how strong its password is, is judged once.
        await logins(service, _cycle(users[:_KNOWN], 2 * _KNOWN), Logins())
    for number in range(rounds):
        for name in list(services)[:: 1 if number % 2 == 0 else -1]:
            await logins(services[name], _cycle(users[:_KNOWN], count), found[name])
            _log(f"{name}: {found[name].per_second[-1]:.1f} logins/s, {found[name].cpu_ms[-1]:.1f} ms CPU each")
    return found


async def _idle(services: dict[str, Service], users: list[str], app_passwords: list[str], most: int) -> dict[str, Idle]:
    found = {}
    for name, service in services.items():
        many = most if name == "ours" else min(most, _STOCK_SESSIONS)
        passwords = app_passwords if name == "ours" else [_PASSWORD] * len(users)
        holders = -(-many // _PER_MAILBOX)
        whom: list[Login] = [(users[one % holders], passwords[one % holders]) for one in range(many)]
        found[name] = await idle(service, whom, _cycle(users[:_KNOWN], _MEANWHILE), _SETTLE_SECONDS)
        _log(f"{name}: {many} sessions, {sum(found[name].kib.values()):.0f} KiB each")
    return found


def _cycle(users: list[str], count: int) -> list[Login]:
    return [(users[one % len(users)], _PASSWORD) for one in range(count)]


def main(
    count: Annotated[int, typer.Option("--logins", help="Logins of a round.")] = 100,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of each.")] = 3,
    sessions: Annotated[int, typer.Option(min=2 * _PER_MAILBOX, help="Idle sessions of ours.")] = 3000,
    port_base: Annotated[int, typer.Option(help="First of the ports.")] = 23000,
    output: Annotated[Path, typer.Option(help="The page.")] = page.PAGE,
) -> None:
    """Measure logins and idle sessions, write the section."""
    with own_systems(_log) as stack:
        ours = OurStack(own_directory(stack, "logins-ours"), port_base, "")
        stack.callback(ours.stop)
        ours.start()
        place, costs = paths(ours.settings), ours.settings.passwords
        password_hash = hash_password(_PASSWORD, Cost(costs.passes, costs.memory)).removeprefix(START)
        users = [f"login{number:04}@{DOMAIN}" for number in range(-(-sessions // _PER_MAILBOX))]
        app_passwords = _app_passwords(ours, len(users), password_hash)
        certificate = (place.certificate, place.key)
        stock = LoneDovecot(
            own_directory(stack, "logins-stock"), port_base + 12, users, f"{{ARGON2ID}}{password_hash}", certificate
        )
        stack.callback(stock.stop)
        stock.start(_STOCK_SESSIONS)
        _log("both have started")
        stack.enter_context(_hearing())
        context = _certificate_context(ours)
        services = {
            "ours": Service(ours.settings.listen.imaps, context, ours.roots),
            "stock": Service(stock.port, context, stock.roots),
        }
        stack.push(partial(_say_why, place.log("dovecot")))
        found = asyncio.run(_logins(services, users, count, rounds))
        idling = asyncio.run(_idle(services, users, app_passwords, sessions))
    command = f"python -m bench.logins --logins {count} --rounds {rounds} --sessions {sessions}"
    page.put(output, "logins", report.section(found, idling, command=command, when=datetime.now(UTC)))
    _log(f"written: {output.name}")


if __name__ == "__main__":
    typer.run(main)
