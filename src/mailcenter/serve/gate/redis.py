"""Scripts on Redis over its unix socket: redis-py's connections, kept and shared, one round trip for each script.

redis-py's client costs three times the CPU of its bare connections, which are all that scripts need.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path
from typing import Any, Final

import hiredis
from redis.asyncio.connection import UnixDomainSocketConnection
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoScriptError, RedisError

from mailcenter.serve.gate.ports import UnavailableError
from mailcenter.settings.identities import REDIS_DATABASE, REDIS_USER

RETRY_FOR: Final = 2.0
"""Seconds in which a Redis that restarts is tried again."""
_PAUSE: Final = 0.1
_CONNECTIONS: Final = 8
_LUA: Final = Path(__file__).parent / "lua"

Value = str | bytes | int | float


@dataclass(frozen=True, slots=True)
class Script:
    """A Lua script; Redis knows it by its digest once it has been sent."""

    source: bytes
    digest: str


def script(name: str, folder: Path = _LUA) -> Script:
    """The script of this name in a folder."""
    source = (folder / f"{name}.lua").read_bytes()
    return Script(source, sha1(source, usedforsecurity=False).hexdigest())


class Redis:
    """`timeout`: seconds for each script with everything it takes, waiting for a connection included."""

    def __init__(self, socket: Path, password: Path, *, timeout: float, user: str = REDIS_USER) -> None:
        self._socket = socket
        self._password = password
        self._user = user
        self._timeout = timeout
        self._free: list[UnixDomainSocketConnection] = []
        self._places = asyncio.Semaphore(_CONNECTIONS)

    async def run(self, script: Script, keys: Sequence[Value], arguments: Sequence[Value]) -> Any:
        """The script's answer; texts are bytes.

        Raises:
            UnavailableError: Redis is away, too slow, or refuses.
        """
        rest = (len(keys), *keys, *arguments)
        try:
            async with asyncio.timeout(self._timeout), self._places:
                return await self._ask_until_there(script, rest)
        except TimeoutError:
            raise UnavailableError("redis", f"no answer in {self._timeout:g} s") from None
        except (RedisError, OSError) as error:
            raise UnavailableError("redis", f"{type(error).__name__}: {error}") from None

    async def close(self) -> None:
        """Give all connections up."""
        while self._free:
            await self._free.pop().disconnect(nowait=True)

    async def _ask_until_there(self, script: Script, rest: tuple[Value, ...]) -> Any:
        loop = asyncio.get_running_loop()
        give_up = loop.time() + RETRY_FOR
        while True:
            fresh = not self._free
            try:
                return await self._ask(script, rest)
            except (RedisConnectionError, OSError):  # a restart: kept connections are broken, new ones not there yet
                if fresh and loop.time() >= give_up:
                    raise
            if fresh:
                await asyncio.sleep(_PAUSE)

    async def _ask(self, script: Script, rest: tuple[Value, ...]) -> Any:
        connection = self._free.pop() if self._free else await self._connect()
        try:
            try:
                answer = await _exchange(connection, ("EVALSHA", script.digest, *rest))
            except NoScriptError:
                answer = await _exchange(connection, ("EVAL", script.source, *rest))
        except BaseException:  # whatever is still to come would be taken for the answer to another question
            await connection.disconnect(nowait=True)
            raise
        self._free.append(connection)
        return answer

    async def _connect(self) -> UnixDomainSocketConnection:
        connection = UnixDomainSocketConnection(
            path=str(self._socket),
            db=REDIS_DATABASE,
            username=self._user,
            password=self._password.read_text("ascii").strip(),
            protocol=2,
        )
        await connection.connect()  # type: ignore[no-untyped-call]  # redis-py leaves some of its methods untyped
        return connection


async def _exchange(connection: UnixDomainSocketConnection, command: tuple[Any, ...]) -> Any:
    await connection.send_packed_command(hiredis.pack_command(command), check_health=False)
    return await connection.read_response()
