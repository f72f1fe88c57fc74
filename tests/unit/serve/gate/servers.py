"""A daemon played on a unix socket: a test says what it does with each connection."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from mailcenter.mail.address import Address
from mailcenter.policy.facts import Limits, MailFacts, SessionFacts
from mailcenter.serve.gate.content import Budget, Content
from mailcenter.serve.gate.ports import Question

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@asynccontextmanager
async def serving(path: Path, handler: Handler) -> AsyncIterator[None]:
    async def closing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handler(reader, writer)
        except ConnectionError:
            pass  # the client had enough
        finally:
            writer.close()

    server = await asyncio.start_unix_server(closing, path)
    try:
        yield
    finally:
        server.close()
        await server.wait_closed()
        os.unlink(path)


def question(*, body: bytes = b"hello\r\n", mail_from: str = "a@b.test", login: str = "", helo: str = "h") -> Question:
    content = Content(Budget(2**24))
    content.add_field(b"Subject", b" one\n two")
    content.add_body(body)
    session = SessionFacts("mx", "192.0.2.1", "client.test", helo, Limits(1, 1), "TLSv1.3 AES", login)
    return Question(
        mail=MailFacts(session, Address("a", "b.test")),
        mail_from=mail_from,
        recipients=("x@demo.example", "y@demo.example"),
        queue_id="Q1",
        header_from=("Al@B.test",),
        content=content,
    )
