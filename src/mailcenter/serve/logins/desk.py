"""Answers a login: finds the account, lets a thread compare the password, and renews an old hash afterwards."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from mailcenter.guard.attempt import program_of
from mailcenter.passwords.app_passwords import BY_PROTOCOL, SERVICES, app_password_digest
from mailcenter.passwords.argon2id import Cost, hash_password, is_current
from mailcenter.passwords.policy import Policy
from mailcenter.passwords.strength import judge
from mailcenter.passwords.verify import password_matches
from mailcenter.serve.gate.ports import UnavailableError
from mailcenter.serve.logins.accounts import Account, Accounts
from mailcenter.serve.logins.anvil import BOUNDED
from mailcenter.serve.logins.crowd import Crowd
from mailcenter.serve.logins.question import Answer, Question

LONGEST_PASSWORD = 256
_UNKNOWN = Answer("unknown")
_MISMATCH = Answer("mismatch")
T = TypeVar("T")

log = logging.getLogger("logins")


def _refused(reason: str) -> Answer:
    """Though the password is right: `refused` tells the guard that this is no guess."""
    return Answer("refused", {"reason": reason, "refused": "y"})


def _service(question: Question) -> str:
    return BY_PROTOCOL.get(question.service, question.service)


class Desk:
    """`hashing` runs what takes long; the hashes are computed without Python's lock, so threads do.

    `center` is the control center's address; `crowd` knows how many sessions an account has,
    `country_of` where an address is.
    """

    def __init__(
        self,
        accounts: Accounts,
        hashing: Executor,
        *,
        cost: Cost,
        mail: Path,
        center: str,
        policy: Policy,
        crowd: Crowd,
        country_of: Callable[[str], str],
    ) -> None:
        self._accounts = accounts
        self._hashing = hashing
        self._cost = cost
        self._mail = mail
        self._center = center
        self._policy = policy
        self._crowd = crowd
        self._country_of = country_of
        self._afterwards: set[asyncio.Task[None]] = set()

    async def answer(self, question: Question) -> Answer:
        """Raises UnavailableError where the directory does not answer."""
        account = await self._accounts.find(question.login.lower())
        if account is None or not account.active:
            return _UNKNOWN
        if not 0 < len(question.password) <= LONGEST_PASSWORD:
            return _MISMATCH
        answer = await self._by_app_password(account, question) or await self._by_own_password(account, question)
        if answer.result == "ok" and question.service in BOUNDED and await self._crowd.is_full(question.login.lower()):
            return _refused(f"this account has {self._crowd.most} sessions already; end some of its programs")
        return answer

    async def _by_app_password(self, account: Account, question: Question) -> Answer | None:
        """None where what was given is none of his; by its digest, which costs next to nothing."""
        digest = app_password_digest(question.password)
        used = await self._accounts.app_password(account, digest) if digest else None
        if used is None:
            return None
        service = _service(question)
        if service in SERVICES and service not in used.services:
            return _refused(f"this app password does not open {service}")
        address, program = question.address, program_of(question.program)
        self._later(self._accounts.note_use(used, service, address, self._country_of(address), program))
        return Answer("ok", self._fields(account))

    async def _by_own_password(self, account: Account, question: Question) -> Answer:
        if not await self._run(password_matches, question.password, account.password):
            return _MISMATCH
        self._later(self._learn(account, question.password))
        if account.app_passwords_only and _service(question) in SERVICES:
            return _refused(f"mail programs need an app password here; make one at {self._center}/app-passwords")
        if account.weak and self._policy.is_over(account.deadline, datetime.now(UTC).date()):
            return _refused(
                f"this password is too easy to guess; choose another one at {self._center}/profile/password"
            )
        return Answer("ok", self._fields(account))

    def _fields(self, account: Account) -> dict[str, str]:
        fields = {
            "userdb_home": f"{self._mail}/{account.home}",
            "userdb_quota_rule": f"*:bytes={account.quota_bytes}",
        }
        return fields | ({"userdb_quota_clone_dict": "proxy::usage"} if account.quota_bytes else {})

    async def _learn(self, account: Account, password: str) -> None:
        """What only this moment tells, when the password is known: how strong it is; and a new hash of it."""
        minimum = self._policy.minimum(account.minimum)
        weak = account.weak
        if account.judged != minimum:
            weak = (await self._run(judge, password, account.about)).score < minimum
            await self._accounts.note_strength(account, weak=weak, minimum=minimum)
        if weak:
            await self._accounts.tell_weak(account, self._policy.last_day(account.deadline))
        await self._renew(account, password)

    async def _renew(self, account: Account, password: str) -> None:
        if not is_current(account.password, self._cost):
            await self._accounts.renew(account, await self._run(hash_password, password, self._cost))

    async def _run(self, work: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._hashing, work, *arguments)

    def _later(self, work: Any) -> None:
        """Nobody waits for it; where it fails, the next login does it."""
        task = asyncio.create_task(self._quietly(work))
        self._afterwards.add(task)
        task.add_done_callback(self._afterwards.discard)

    async def _quietly(self, work: Any) -> None:
        try:
            await work
        except UnavailableError as error:
            log.warning("what a login teaches is not noted: %s", error)
