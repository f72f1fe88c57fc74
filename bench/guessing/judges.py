"""Let the guard and fail2ban judge the same tries, each by its own code with a clock that is moved."""

from __future__ import annotations

import asyncio
import json
import subprocess
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from bench.guessing.cases import Case, Try
from bench.stack import StackError
from bench.stock.processes import answers, wait_until
from mailcenter.engines.redis import users
from mailcenter.guard.attempt import Attempt, read_attempt
from mailcenter.guard.figures import Figures
from mailcenter.guard.history import Result
from mailcenter.serve.gate.redis import Redis
from mailcenter.serve.guard.desk import Desk
from mailcenter.serve.guard.history import Begun
from mailcenter.serve.guard.memory import Memory
from mailcenter.settings.identities import GUARD_REDIS_USER

_FAIL2BAN: Final = Path(__file__).parent / "fail2ban_judge.py"
_SYSTEM_PYTHON: Final = "/usr/bin/python3"


@dataclass(frozen=True, slots=True)
class Judged:
    """Of one case: honest tries with the right password that were turned away, and guesses that were looked at."""

    wrongly_refused: int
    good: int
    looked_at: int
    guesses: int


def _judged(case: Case, refused: list[bool]) -> Judged:
    pairs = list(zip(case.tries, refused, strict=True))
    return Judged(
        wrongly_refused=sum(was for one, was in pairs if one.honest and one.right),
        good=sum(one.honest and one.right for one in case.tries),
        looked_at=sum(not was for one, was in pairs if not one.honest),
        guesses=sum(not one.honest for one in case.tries),
    )


def by_fail2ban(case: Case) -> Judged:
    """Debian's jail `dovecot`. Raises StackError where it is not installed."""
    tries = json.dumps([asdict(one) for one in case.tries])
    done = subprocess.run([_SYSTEM_PYTHON, str(_FAIL2BAN)], input=tries, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise StackError(f"fail2ban does not judge: {done.stderr.strip()[-500:]}")
    return _judged(case, [result == "refused" for result in json.loads(done.stdout)])


class _Nobody:
    """In place of the history."""

    error = ""

    def note(self, attempt: Attempt, result: Result, now: float) -> None:
        """Kept nowhere."""

    def note_lockout(self, begun: Begun) -> None:
        """Told to nobody."""


def by_the_guard(case: Case, folder: Path) -> Judged:
    """Its own code and figures on a Redis of its own in `folder`, which must be empty. Raises StackError."""
    socket, password = folder / "redis.sock", folder / "password"
    password.write_text("bench\n")
    (folder / "users.acl").write_text(users(*[sha256(b"bench").hexdigest()] * 2))
    options = ("--port", "0", "--unixsocket", str(socket), "--aclfile", str(folder / "users.acl"), "--save", "")
    server = subprocess.Popen(
        ["/usr/bin/redis-server", *options, "--dir", str(folder), "--databases", "2"], stdout=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: answers(str(socket)), "Redis", 20)
        return _judged(case, asyncio.run(_play(case, socket, password)))
    finally:
        server.terminate()
        server.wait(20)


async def _play(case: Case, socket: Path, password: Path) -> list[bool]:
    redis, clock, figures = Redis(socket, password, user=GUARD_REDIS_USER, timeout=10), [0.0], Figures()
    desk = Desk(Memory(redis, figures, lambda: clock[0]), figures, _Nobody(), lambda: clock[0])
    refused = []
    try:
        for one in (*case.known, *case.tries):
            clock[0] = one.at
            refused.append((await desk.before(_attempt(one))).action == "refuse")
            if not refused[-1]:
                await desk.report(_attempt(one), success=one.right)
    finally:
        await redis.close()
    return refused[len(case.known) :]


def _attempt(one: Try) -> Attempt:
    """With a digest as short as Dovecot's."""
    digest = sha256(f"{one.login.lower()}\0{one.given}".encode()).hexdigest()[:8]
    attempt = read_attempt(one.service, one.address, one.login, digest)
    if attempt is None:
        raise StackError(f"no attempt: {one}")
    return attempt
