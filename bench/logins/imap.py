"""The little of IMAP that is measured: log in over TLS, wait in IDLE (RFC 2177), be told of a new mail."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from typing import Final

from bench.stack import StackError

_SECONDS: Final = 120.0


class Session:
    """One connection. Every method raises StackError where the server does not answer as it should."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int, context: ssl.SSLContext) -> Session:
        """Over TLS, up to the greeting."""
        try:
            async with asyncio.timeout(_SECONDS):
                pair = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost")
        except (OSError, TimeoutError) as error:
            raise StackError(f"no connection to port {port}: {error!r}") from None
        session = cls(*pair)
        await session._line("* OK")
        return session

    async def log_in(self, login: str, password: str) -> None:
        await self._command(f'LOGIN "{login}" "{password}"', "a OK")

    async def idle(self) -> None:
        """Select the inbox and wait there."""
        await self._command("SELECT INBOX", "a OK")
        await self._command("IDLE", "+ ")

    async def told_of_mail(self) -> None:
        """Until the server says by itself that there is another mail."""
        while not (await self._line("*")).endswith("EXISTS"):
            pass

    async def work_on(self) -> None:
        """Leave IDLE and give another command, as a mail program does that goes on."""
        await self._command("DONE", "a OK")
        await self._command("STATUS INBOX (MESSAGES)", "a OK")

    async def append(self, text: bytes) -> None:
        """Put a mail into the inbox."""
        await self._command(f"APPEND INBOX {{{len(text)}}}", "+ ")
        self._writer.write(text)
        await self._command("", "a OK")

    async def close(self) -> None:
        self._writer.close()
        with suppress(OSError, TimeoutError, ssl.SSLError):
            async with asyncio.timeout(5):
                await self._writer.wait_closed()

    async def _command(self, text: str, wanted: str) -> None:
        tag = "" if text in {"DONE", ""} else "a "
        self._writer.write(f"{tag}{text}\r\n".encode())
        while (line := await self._line("")).startswith("* "):
            pass
        if not line.startswith(wanted):
            raise StackError(f"{text.partition(' ')[0] or 'the literal'}: {line}")

    async def _line(self, wanted: str) -> str:
        try:
            async with asyncio.timeout(_SECONDS):
                line = (await self._reader.readline()).decode("utf-8", "replace").rstrip("\r\n")
        except (OSError, TimeoutError) as error:
            raise StackError(f"the session broke: {error!r}") from None
        if not line or not line.startswith(wanted):
            raise StackError(f"the server said {line!r}" if line else "the server ended the session")
        return line
