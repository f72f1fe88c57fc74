"""The logins daemon's process: one socket, one event loop, threads that compute hashes."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

from mailcenter.passwords.argon2id import Cost
from mailcenter.passwords.policy import policy_of
from mailcenter.serve.gate.database import Database
from mailcenter.serve.gate.ports import UnavailableError
from mailcenter.serve.guard.countries import Countries
from mailcenter.serve.logins.accounts import Accounts
from mailcenter.serve.logins.anvil import ask_anvil
from mailcenter.serve.logins.crowd import Crowd
from mailcenter.serve.logins.desk import Desk
from mailcenter.serve.logins.question import LONGEST, Answer, BadQuestionError, answer_line, read_question
from mailcenter.settings.addresses import public_url
from mailcenter.settings.identities import DATABASE, LOGINS_USER, POSTGRES_PORT, ROLE_OF_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

HEALTH: Final = b"health\n"
_DATABASE_SECONDS: Final = 5.0
_ANVIL_SECONDS: Final = 2.0
_SOCKET_MODE: Final = 0o660

log = logging.getLogger("logins")


class Logins:
    """`serve` answers until it is cancelled."""

    def __init__(self, settings: Settings) -> None:
        place = paths(settings)
        self._socket = place.logins_socket
        self._database = Database(
            f"host={place.postgres_socket_dir} port={POSTGRES_PORT} dbname={DATABASE} user={ROLE_OF_USER[LOGINS_USER]}",
            timeout=_DATABASE_SECONDS,
        )
        self._accounts = Accounts(self._database)
        self._hashing = ThreadPoolExecutor(settings.passwords.workers, thread_name_prefix="hash")
        self._desk = Desk(
            self._accounts,
            self._hashing,
            cost=Cost(settings.passwords.passes, settings.passwords.memory),
            mail=place.mail,
            center=public_url(settings),
            policy=policy_of(settings),
            crowd=Crowd(settings.sessions.per_account, partial(_ask_anvil, place.anvil_for_logins)),
            country_of=Countries(settings.guard.country_database).of,
        )

    async def serve(self) -> None:
        """Answer Dovecot's workers, each on a connection of its own."""
        self._socket.unlink(missing_ok=True)
        listening = socket.socket(socket.AF_UNIX)
        previous = os.umask(0o777 & ~_SOCKET_MODE)
        try:
            listening.bind(str(self._socket))
        finally:
            os.umask(previous)
        await self._database.open()
        try:
            server = await asyncio.start_unix_server(self._talk, sock=listening, limit=LONGEST)
            async with server:
                await server.serve_forever()
        finally:
            await self._database.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(answer_line(await self._answer(line)))
                await writer.drain()
        except (ValueError, OSError):  # a line that has no end, or nobody reads the answer
            pass
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> Answer:
        try:
            if line == HEALTH:
                await self._accounts.ask()
                return Answer("ok")
            return await self._desk.answer(read_question(line))
        except BadQuestionError:
            log.error("a question that is none came in")
        except UnavailableError as error:
            log.error("a login is not answered: %s", error)
        except Exception:  # a fault of ours must not look like a wrong password
            log.exception("a login is not answered")
        return Answer("unavailable")


async def _ask_anvil(path: Path) -> str:
    return await asyncio.to_thread(ask_anvil, path, _ANVIL_SECONDS)
