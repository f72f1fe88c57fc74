"""What a login costs with the guard and without: the same logins by IMAP, in turn, on one platform."""

from __future__ import annotations

import imaplib
import ssl
import statistics
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from bench import cpu
from bench.ours import OurStack
from bench.stack import StackError
from mailcenter.settings.load import paths

LOGIN: Final = "bench-login@bench.example"
PASSWORD: Final = "walrus-umbrella-42"  # noqa: S105 - of a mailbox that lives for a minute
_AT_ONCE: Final = 4
_REST: Final = 3.0


@dataclass
class Cost:
    """Of several rounds."""

    per_second: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    """Of each login, from the command to its answer."""


def measure(stack: OurStack, logins: int, rounds: int) -> dict[str, Cost]:
    """`guarded` and `bare`. Raises StackError."""
    costs = {"guarded": Cost(), "bare": Cost()}
    _log_in(stack)  # the first one is slower
    for _ in range(rounds):
        _round(stack, logins, costs["guarded"])
        with _without_guard(stack):
            _round(stack, logins, costs["bare"])
    return costs


def median(values: list[float]) -> float:
    return statistics.median(values)


def _round(stack: OurStack, logins: int, cost: Cost) -> None:
    before, started = sum(cpu.seconds_by_root(stack.roots()).values()), time.monotonic()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        cost.seconds += list(pool.map(lambda _: _log_in(stack), range(logins)))
    cost.per_second.append(logins / (time.monotonic() - started))
    time.sleep(_REST)  # the history is written a moment later, and belongs to the logins
    cost.cpu_ms.append(1000 * (sum(cpu.seconds_by_root(stack.roots()).values()) - before) / logins)


def _log_in(stack: OurStack) -> float:
    context = ssl.create_default_context(cafile=str(paths(stack.settings).ca_certificate))
    with imaplib.IMAP4_SSL("127.0.0.1", stack.settings.listen.imaps, ssl_context=context, timeout=60) as session:
        started = time.monotonic()
        try:
            session.login(LOGIN, PASSWORD)
        except imaplib.IMAP4.error as error:
            raise StackError(f"no login: {error}") from None
        return time.monotonic() - started


@contextmanager
def _without_guard(stack: OurStack) -> Iterator[None]:
    """Dovecot asks nobody."""
    config = paths(stack.settings).etc("dovecot") / "dovecot.conf"
    content = config.read_text()
    bare = "\n".join(line for line in content.split("\n") if not line.startswith("auth_policy_server_url"))
    try:
        config.write_text(bare)
        subprocess.run(["doveadm", "-c", str(config), "reload"], check=True)
        time.sleep(_REST)
        yield
    finally:
        config.write_text(content)
        subprocess.run(["doveadm", "-c", str(config), "reload"], check=True)
        time.sleep(_REST)
