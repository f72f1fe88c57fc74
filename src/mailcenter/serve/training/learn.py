"""Teach Rspamd a message, through its controller's unix socket (`/learnspam`, `/learnham`)."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Final

import h11

from mailcenter.serve.training.spool import Kind

SECONDS: Final = 30.0
_LONGEST_ANSWER: Final = 64 * 1024


class NotNowError(Exception):
    """Rspamd is away or failed: the message is learned later."""


async def learn(socket: Path, kind: Kind, message: bytes) -> str:
    """Give what Rspamd says: learned, known already, or too short to be learned. Either way it is done with.

    Raises:
        NotNowError: as above.
    """
    try:
        async with asyncio.timeout(SECONDS):
            status, body = await _post(socket, f"/learn{kind}", message)
    except (OSError, TimeoutError, h11.ProtocolError) as error:
        raise NotNowError(f"{type(error).__name__}: {error}") from None
    if status >= 500 or status in (401, 403, 429):
        raise NotNowError(f"status {status}: {body[:200]!r}")
    return _said(body)


def _said(body: bytes) -> str:
    try:
        answer = json.loads(body)
    except ValueError:
        return body[:200].decode("utf-8", "replace")
    if not isinstance(answer, dict):
        return str(answer)[:200]
    return "learned" if answer.get("success") else str(answer.get("error", answer))[:200]


async def _post(socket: Path, target: str, content: bytes) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_unix_connection(socket)
    try:
        connection = h11.Connection(h11.CLIENT)
        headers = [("Host", "rspamd"), ("Content-Length", str(len(content))), ("Connection", "close")]
        request = h11.Request(method="POST", target=target, headers=headers)
        for sent in (request, h11.Data(data=content), h11.EndOfMessage()):
            writer.write(connection.send(sent) or b"")
            await writer.drain()
        status, body = 0, b""
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(await reader.read(_LONGEST_ANSWER))
            elif isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data):
                body = (body + event.data)[:_LONGEST_ANSWER]
            elif isinstance(event, h11.EndOfMessage):
                return status, body
            elif isinstance(event, h11.ConnectionClosed):
                raise ConnectionResetError("closed without an answer")
    finally:
        writer.close()
