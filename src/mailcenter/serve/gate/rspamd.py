"""Rspamd's scan worker (`/checkv2`, https://rspamd.com/doc/architecture/protocol.html) over its unix socket."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import msgspec

from mailcenter.serve.gate.ports import Question, UnavailableError
from mailcenter.serve.gate.unix import exchange

_PART: Final = "rspamd"
_LONGEST_ANSWER: Final = 4 * 2**20
_NOT_IN_FIELD: Final = re.compile(r"[^\x21-\x7e\x80-\U0010ffff ]")
_HEAD_END: Final = b"\r\n\r\n"
_STATUS: Final = re.compile(rb"HTTP/1\.[01] (\d{3})[ \r]")
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)

Answer = dict[str, Any]


class Rspamd:
    """One scan per connection: Rspamd 3.4 closes each.

    Of HTTP/1.1 (RFC 9112) this is what our own Rspamd speaks: a request with its length, an answer with its length.
    """

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    async def check(self, question: Question) -> Answer:
        """Rspamd's answer as it came, an object of JSON.

        Raises:
            UnavailableError: Rspamd is away or answers no such object.
        """
        request = [_request_head(question), *question.content.pieces()]
        answer = await exchange(_PART, self._socket, request, is_whole=_is_whole, longest=_LONGEST_ANSWER)
        return _read_json(_body(answer))


def _request_head(question: Question) -> bytes:
    fields = b"".join([b"%b: %b\r\n" % field for field in request_fields(question)])
    return b"POST /checkv2 HTTP/1.1\r\n" + fields + b"\r\n"


def _is_whole(answer: bytearray) -> bool:
    head = answer.find(_HEAD_END)
    length = _LENGTH.search(answer, 0, head + 2) if head >= 0 else None
    return length is not None and len(answer) >= head + len(_HEAD_END) + int(length[1])


def _body(answer: bytes) -> bytes:
    if not answer:
        raise UnavailableError(_PART, "closed the connection without an answer")
    head, end, body = answer.partition(_HEAD_END)
    status, length = _STATUS.match(head), _LENGTH.search(head + b"\r\n")
    if not end or status is None or length is None:
        raise UnavailableError(_PART, f"broken HTTP: {head[:80]!r}")
    if status[1] != b"200":
        raise UnavailableError(_PART, f"status {status[1].decode()}")
    if len(body) != int(length[1]):
        raise UnavailableError(_PART, f"{len(body)} of {int(length[1])} bytes of the answer came")
    return body


def _read_json(body: bytes) -> Answer:
    try:
        answer = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
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
    cleaned = [(name, _in_field(value)) for name, value in values if value]
    return [(b"Host", b"rspamd"), *[(name.encode(), value.encode()) for name, value in cleaned if value]]


def _in_field(value: str) -> str:
    return (value if value.isprintable() else _NOT_IN_FIELD.sub("?", value)).strip()


def _tls(tls: str) -> list[tuple[str, str]]:
    version, _, cipher = tls.partition(" ")
    return [("TLS-Version", version), ("TLS-Cipher", cipher)]
