"""All scanners side by side under one deadline: every one must answer, or nothing is decided."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from mailcenter.serve.gate.beside import Redis, Resolver
from mailcenter.serve.gate.ports import Findings, Infected, Question, UnavailableError
from mailcenter.serve.gate.rspamd import Rspamd
from mailcenter.serve.gate.rspamd_answer import RspamdResult, read_result
from mailcenter.serve.gate.unix import retrieve
from mailcenter.serve.gate.viruses import VirusScanner, located

T = TypeVar("T")


class Scanners:
    """Rspamd and the virus scanners, with Redis and the resolver watched because Rspamd passes over their failures."""

    def __init__(
        self,
        rspamd: Rspamd,
        viruses: Sequence[VirusScanner],
        redis: Redis,
        resolver: Resolver,
        *,
        timeout: float,
        rspamd_limit: float,
    ) -> None:
        self._rspamd = rspamd
        self._viruses = viruses
        self._redis = redis
        self._resolver = resolver
        self._timeout = timeout
        self._rspamd_limit = rspamd_limit

    async def scan(self, question: Question) -> Findings:
        """Ask all. `timeout` seconds for everything.

        Raises:
            UnavailableError: one of them failed, or was too slow.
        """
        milliseconds: dict[str, float] = {}
        tasks: dict[str, asyncio.Task[tuple[str, ...]]] = {}
        for scanner in self._viruses:
            work = scanner.scan(question.content.pieces())
            tasks[scanner.name] = asyncio.create_task(_timed(scanner.name, work, milliseconds))
            tasks[scanner.name].add_done_callback(retrieve)
        asked = "redis"
        try:
            async with asyncio.timeout(self._timeout):
                await self._redis.check()
                asked = "rspamd"
                result = await _timed(asked, self._ask_rspamd(question), milliseconds)
                found: list[tuple[str, ...]] = []
                for name, task in tasks.items():
                    asked = name
                    found.append(await task)
        except TimeoutError:
            raise UnavailableError(asked, f"no answer in {self._timeout:g} s") from None
        finally:
            if late := [task for task in tasks.values() if not task.done()]:
                for task in late:
                    task.cancel()
                await asyncio.gather(*late, return_exceptions=True)
        infected: list[Infected] = []
        for scanner, names in zip(self._viruses, found, strict=True):
            if names:
                infected += await located(scanner, question.content, names)
        return Findings(
            result.score,
            tuple(dict.fromkeys(one.finding for one in infected)),
            result.symbols,
            result.authentication,
            milliseconds,
            infected=tuple(infected),
        )

    async def _ask_rspamd(self, question: Question) -> RspamdResult:
        answer = await self._rspamd.check(question)
        result = read_result(answer, question, time_limit=self._rspamd_limit)
        if result.dns_failed:
            await self._resolver.check()
        return result


async def _timed(part: str, work: Coroutine[Any, Any, T], milliseconds: dict[str, float]) -> T:
    started = time.perf_counter()
    try:
        return await work
    finally:
        milliseconds[part] = (time.perf_counter() - started) * 1000
