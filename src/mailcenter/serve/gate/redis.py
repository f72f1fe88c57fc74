"""Scripts on Redis over its unix socket: one kept connection for all, one round trip for each script."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path
from typing import Any, Final

from mailcenter.serve.gate.ports import UnavailableError
from mailcenter.serve.gate.redis_connection import Connection, Error, Value
from mailcenter.settings.identities import REDIS_DATABASE, REDIS_USER

RETRY_FOR: Final = 2.0
"""Seconds in which a Redis that restarts is tried again."""
_PAUSE: Final = 0.1
_LUA: Final = Path(__file__).parent / "lua"


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
        self._connection: Connection | None = None
        self._connecting = asyncio.Lock()

    async def run(self, script: Script, keys: Sequence[Value], arguments: Sequence[Value]) -> Any:
        """The script's answer; texts are bytes.

        Raises:
            UnavailableError: Redis is away, too slow, or refuses.
        """
        rest = (len(keys), *keys, *arguments)
        try:
            async with asyncio.timeout(self._timeout):
                answer = await self._ask_until_there(script, rest)
        except TimeoutError:
            await self.close()  # what is said to a Redis that hangs would be done much later
            raise UnavailableError("redis", f"no answer in {self._timeout:g} s") from None
        except OSError as error:
            raise UnavailableError("redis", f"{type(error).__name__}: {error}") from None
        if isinstance(answer, Error):
            raise UnavailableError("redis", str(answer))
        return answer

    async def close(self) -> None:
        """Give the connection up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def _ask_until_there(self, script: Script, rest: tuple[Value, ...]) -> Any:
        loop = asyncio.get_running_loop()
        give_up = loop.time() + RETRY_FOR
        while True:
            kept = self._connection is not None and self._connection.is_open
            try:
                return await self._ask(script, rest)
            except OSError:  # a restart: the kept connection is broken, a new one not there yet
                if not kept and loop.time() >= give_up:
                    raise
            if not kept:
                await asyncio.sleep(_PAUSE)

    async def _ask(self, script: Script, rest: tuple[Value, ...]) -> Any:
        connection = self._connection
        if connection is None or not connection.is_open:
            connection = await self._connected()
        answer = await connection.ask(("EVALSHA", script.digest, *rest))
        if isinstance(answer, Error):
            if str(answer).startswith("NOSCRIPT"):
                answer = await connection.ask(("EVAL", script.source, *rest))
            if _is_loading(answer):
                connection.close()
                raise ConnectionRefusedError(str(answer))
        return answer

    async def _connected(self) -> Connection:
        """A connection that has logged in; who comes meanwhile waits for the same."""
        async with self._connecting:
            if self._connection is not None and self._connection.is_open:
                return self._connection
            password = self._password.read_text("ascii").strip()
            _, connection = await asyncio.get_running_loop().create_unix_connection(Connection, str(self._socket))
            try:
                for answer in (
                    await connection.ask(("AUTH", self._user, password)),
                    await connection.ask(("SELECT", REDIS_DATABASE)),
                ):
                    if isinstance(answer, Error):
                        raise PermissionError(str(answer))
            except BaseException:
                connection.close()
                raise
            self._connection = connection
            return connection


def _is_loading(answer: Any) -> bool:
    """Whether Redis still reads its data: then it is as good as away."""
    return isinstance(answer, Error) and str(answer).startswith("LOADING")
