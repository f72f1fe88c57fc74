"""A small SMTP client (RFC 5321) that says where a dialogue stood when it ended; it never retries by itself."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

_LINE_END = re.compile(rb"\r\n|\r|\n")
_REPLY = re.compile(rb"(\d{3})([ -]?)(.*)", re.DOTALL)
_QUEUE_ID = re.compile(r"queued as (\S+)")
_XTEXT_SAFE = re.compile(rb"[!-*,-<>-~]")  # RFC 3461 section 4


def canonical(content: bytes) -> bytes:
    """The message as SMTP carries it: every line, the last too, ends in CRLF (RFC 5321 section 2.3.8)."""
    content = _LINE_END.sub(b"\r\n", content)
    return content if content.endswith(b"\r\n") else content + b"\r\n"


def dot_stuffed(content: bytes) -> bytes:
    """Canonical content made transparent and ended for DATA (RFC 5321 section 4.5.2)."""
    content = content.replace(b"\r\n.", b"\r\n..")
    return (b"." if content.startswith(b".") else b"") + content + b".\r\n"


def _xtext(value: str) -> str:
    return "".join(chr(byte) if _XTEXT_SAFE.match(bytes((byte,))) else f"+{byte:02X}" for byte in value.encode())


class Stage(StrEnum):
    """How far a dialogue got."""

    CONNECT = "connect"
    HELO = "helo"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    EOM = "end of data"


@dataclass(frozen=True)
class Target:
    """An SMTP server; `timeout` in seconds holds for each single reply. `source`: our address, if it matters."""

    host: str
    port: int
    timeout: float = 60.0
    source: str = ""


@dataclass(frozen=True)
class Client:
    """Who we claim to be; `address` is stated by XCLIENT where the server lets us."""

    helo: str = "client.example"
    name: str = ""
    address: str = ""


@dataclass(frozen=True)
class Outcome:
    """How one attempt ended: the deciding reply, or code 0 where the connection was lost."""

    stage: Stage
    code: int
    text: str
    finished: float = 0.0
    """`time.monotonic()` when the end of DATA had been handed to the kernel; 0 where it never was."""

    @property
    def accepted(self) -> bool:
        return self.stage is Stage.EOM and self.code == 250

    @property
    def refused(self) -> bool:
        return self.code >= 500

    @property
    def deferred(self) -> bool:
        return 400 <= self.code < 500

    @property
    def lost(self) -> bool:
        return self.code == 0

    @property
    def in_doubt(self) -> bool:
        """The whole message was sent and the answer never came: it may have been accepted (RFC 1047)."""
        return self.lost and self.stage is Stage.EOM

    @property
    def queue_id(self) -> str:
        found = _QUEUE_ID.search(self.text)
        return found[1] if self.accepted and found else ""


class _EndedError(Exception):
    """The dialogue is over at this stage."""

    def __init__(self, code: int, text: str) -> None:
        self.code = code
        self.text = text


class Session:
    """One connection, for one message or one question about a recipient."""

    def __init__(self, target: Target, client: Client) -> None:
        self._target = target
        self._client = client
        self.stage = Stage.CONNECT
        self._extensions: set[str] = set()

    async def __aenter__(self) -> Self:
        source = (self._target.source, 0) if self._target.source else None
        async with asyncio.timeout(self._target.timeout):
            self._reader, self._writer = await asyncio.open_connection(
                self._target.host, self._target.port, limit=2**16, local_addr=source
            )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()

    async def _reply(self) -> tuple[int, str]:
        texts = []
        while True:
            async with asyncio.timeout(self._target.timeout):  # unlike wait_for without a task for each line
                line = await self._reader.readline()
            found = _REPLY.match(line)
            if not line.endswith(b"\n") or not found:
                raise ConnectionError("the server closed the connection")
            texts.append(found[3].decode("utf-8", "replace").strip())
            if found[2] != b"-":
                return int(found[1]), "\n".join(texts)

    async def _expect(self, *codes: int) -> str:
        code, text = await self._reply()
        if code not in codes:
            raise _EndedError(code, text)
        return text

    async def _hello(self) -> None:
        self._writer.write(f"EHLO {self._client.helo}\r\n".encode())
        lines = (await self._expect(250)).upper().split("\n")[1:]
        self._extensions = {line.split(" ")[0] for line in lines}

    async def _greet(self) -> None:
        await self._expect(220)
        self.stage = Stage.HELO
        await self._hello()
        if self._client.address and "XCLIENT" in self._extensions:
            name = _xtext(self._client.name) or "[UNAVAILABLE]"
            address = f"IPV6:{self._client.address}" if ":" in self._client.address else self._client.address
            command = f"XCLIENT ADDR={address} NAME={name} HELO={_xtext(self._client.helo)}\r\n"
            self._writer.write(command.encode())
            await self._expect(220)
            await self._hello()

    async def _envelope(self, mail_from: str, rcpt_to: str, *, eight_bit: bool, data: bool) -> None:
        body = " BODY=8BITMIME" if eight_bit and "8BITMIME" in self._extensions else ""
        commands = [f"MAIL FROM:<{mail_from}>{body}\r\n", f"RCPT TO:<{rcpt_to}>\r\n"] + (["DATA\r\n"] if data else [])
        together = "PIPELINING" in self._extensions
        if together:
            self._writer.write("".join(commands).encode())
        for command, stage in zip(commands, (Stage.MAIL, Stage.RCPT, Stage.DATA), strict=False):
            self.stage = stage
            if not together:
                self._writer.write(command.encode())
            await self._expect(354 if stage is Stage.DATA else 250)

    async def send(self, mail_from: str, rcpt_to: str, stuffed: bytes | None) -> Outcome:
        """Offer one message, `stuffed` by `dot_stuffed`; without it only ask whether the recipient would be taken."""
        finished = 0.0
        try:
            await self._greet()
            eight_bit = stuffed is not None and not stuffed.isascii()
            await self._envelope(mail_from, rcpt_to, eight_bit=eight_bit, data=stuffed is not None)
            code, text = 250, ""
            if stuffed is not None:
                self._writer.write(stuffed)
                async with asyncio.timeout(self._target.timeout):
                    await self._writer.drain()
                self.stage = Stage.EOM
                finished = time.monotonic()
                code, text = await self._reply()
        except _EndedError as ended:
            code, text = ended.code, ended.text
        self._writer.write(b"QUIT\r\n")
        return Outcome(self.stage, code, text, finished)


async def attempt(target: Target, client: Client, mail_from: str, rcpt_to: str, stuffed: bytes | None) -> Outcome:
    """One connection with one message; a lost or refused connection and a timeout are outcomes, too."""
    session = Session(target, client)
    try:
        async with session:
            return await session.send(mail_from, rcpt_to, stuffed)
    except (OSError, TimeoutError, asyncio.LimitOverrunError, ValueError) as error:
        return Outcome(session.stage, 0, f"{type(error).__name__}: {error}")
