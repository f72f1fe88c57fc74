"""Rspamd's scan worker (`/checkv2`, https://rspamd.com/doc/architecture/protocol.html) over its unix socket."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import h11

from mailcenter.serve.gate.ports import Question, UnavailableError
from mailcenter.serve.gate.unix import connect, together

_PART: Final = "rspamd"
_LONGEST_ANSWER: Final = 4 * 2**20
_READ: Final = 64 * 1024
_NOT_IN_FIELD: Final = re.compile(r"[^\x21-\x7e\x80-\U0010ffff ]")

Answer = dict[str, Any]


class Rspamd:
    """One scan per connection: Rspamd 3.4 closes each."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    async def check(self, question: Question) -> Answer:
        """Rspamd's answer as it came, an object of JSON.

        Raises:
            UnavailableError: Rspamd is away or answers no such object.
        """
        reader, writer = await connect(_PART, self._socket)
        try:
            connection = h11.Connection(h11.CLIENT)
            for part in together(_request(connection, question)):
                writer.write(part)
                await writer.drain()
            return _read_json(await _body(connection, reader))
        except h11.ProtocolError as error:
            raise UnavailableError(_PART, f"broken HTTP: {error}") from None
        except OSError as error:
            raise UnavailableError(_PART, f"connection broken: {error}") from None
        finally:
            writer.close()


def _request(connection: h11.Connection, question: Question) -> Iterator[bytes]:
    request = h11.Request(method="POST", target="/checkv2", headers=request_fields(question))
    yield connection.send(request) or b""
    for piece in question.content.pieces():
        yield from connection.send_with_data_passthrough(h11.Data(data=piece)) or ()
    yield connection.send(h11.EndOfMessage()) or b""


async def _body(connection: h11.Connection, reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(_READ))
        elif isinstance(event, h11.Response) and event.status_code != 200:
            raise UnavailableError(_PART, f"status {event.status_code}")
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > _LONGEST_ANSWER:
                raise UnavailableError(_PART, "the answer is too long")
        elif isinstance(event, h11.EndOfMessage):
            return bytes(body)
        elif isinstance(event, h11.ConnectionClosed):
            raise UnavailableError(_PART, "closed the connection without an answer")


def _read_json(body: bytes) -> Answer:
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise UnavailableError(_PART, f"the answer is no JSON: {error}") from None
    if not isinstance(answer, dict):
        raise UnavailableError(_PART, "the answer is no object")
    return answer


def request_fields(question: Question) -> list[tuple[bytes, bytes]]:
    """What Rspamd is told about client and envelope."""
    session = question.mail.session
    values = [
        ("Content-Length", str(question.content.size)),
        ("Ip", session.client_address),
        ("Helo", session.helo),
        ("Hostname", session.client_name if session.client_name != "unknown" else ""),
        ("From", question.mail_from or "<>"),
        ("User", session.login),
        ("Queue-Id", question.queue_id),
        *_tls(session.tls),
        *(("Rcpt", recipient) for recipient in question.recipients),
    ]
    cleaned = ((name, _NOT_IN_FIELD.sub("?", value).strip()) for name, value in values)
    return [(b"Host", b"rspamd"), *((name.encode(), value.encode()) for name, value in cleaned if value)]


def _tls(tls: str) -> list[tuple[str, str]]:
    version, _, cipher = tls.partition(" ")
    return [("TLS-Version", version), ("TLS-Cipher", cipher)]
