"""Send a suite's mails to a running platform's postmaster, and read in the ledger what the gate found.

Mail to postmaster is spared by every rule about reputation, so that the gate checks each mail to its end.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from bench.replay.ledger import Ledger
from bench.replay.platform import Platform, wait_until
from bench.smtp import Client, Outcome, attempt, canonical, dot_stuffed
from bench.stock.processes import answers
from mailcenter.engines.gate import ENGINE as GATE
from mailcenter.engines.supervisor.client import Supervisor
from mailcenter.settings.load import load, paths

_CONNECTIONS = 4
_LEDGER_SECONDS = 60.0


@dataclass(frozen=True)
class Case:
    """One mail of a suite; `content` as a file would hold it."""

    name: str
    client: Client
    mail_from: str
    content: bytes


@dataclass(frozen=True)
class Seen:
    """How the platform answered, and what the gate's Authentication-Results say, `METHOD=RESULT PROPERTIES` each."""

    outcome: Outcome
    authentication: tuple[str, ...]

    def words(self) -> dict[str, str]:
        """The result that the gate wrote for each method; for each DKIM signature by the name of its key record."""
        found: dict[str, str] = {}
        for line in self.authentication:
            method, _, rest = line.partition("=")
            result, *properties = rest.split()
            values = dict(word.partition("=")[::2] for word in properties)
            if method == "dkim" and "header.d" in values:
                method = f"{values.get('header.s', '')}._domainkey.{values['header.d']}"
            found[method] = result
        return found


def forget(platform: Platform) -> None:
    """Make Rspamd and the gate forget the records that they keep: scenarios use the same names for others."""
    settings = load(platform.config)
    for name in ("rspamd", "gate"):
        Supervisor(settings).restart(name)
    wait_until(lambda: GATE.health(settings).ok, "the gate", 60, step=0.1)
    for socket in (paths(settings).rspamd_socket, paths(settings).rspamd_controller_socket):
        wait_until(partial(answers, str(socket)), f"Rspamd's {socket.name}", 60, step=0.1)


def probe(platform: Platform, cases: Sequence[Case]) -> dict[str, Seen]:
    """Send every case and tell what was seen, by its name.

    Raises:
        PlatformError: the ledger does not tell of all that was accepted.
    """
    tag = f"s{secrets.token_hex(3)}"
    ledger = Ledger(platform.paths.postgres_socket_dir, datetime.now(UTC) - timedelta(minutes=1))
    outcomes = asyncio.run(_send_all(platform, cases, tag))
    accepted = {number for number, outcome in outcomes.items() if outcome.accepted}
    wait_until(
        lambda: accepted <= ledger.facts(tag).keys(), "the ledger to tell of every mail", _LEDGER_SECONDS, step=0.5
    )
    facts = ledger.facts(tag)
    return {
        case.name: Seen(outcomes[number], tuple(facts.get(number, {}).get("authentication", ())))
        for number, case in enumerate(cases)
    }


async def _send_all(platform: Platform, cases: Sequence[Case], tag: str) -> dict[int, Outcome]:
    target, host = platform.target(), platform.host_name
    waiting = iter(enumerate(cases))
    outcomes: dict[int, Outcome] = {}

    async def sender() -> None:
        for number, case in waiting:
            recipient = f"postmaster+{tag}-{number}@{host}"
            stuffed = dot_stuffed(canonical(case.content))
            outcomes[number] = await attempt(target, case.client, case.mail_from, recipient, stuffed)

    await asyncio.gather(*(sender() for _ in range(_CONNECTIONS)))
    return outcomes
