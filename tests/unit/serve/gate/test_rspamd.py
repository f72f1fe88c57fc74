"""The Rspamd client: what it tells, and which answers count as one."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from mailcenter.serve.gate.ports import UnavailableError
from mailcenter.serve.gate.rspamd import Rspamd, request_fields
from tests.unit.serve.gate.servers import question, serving

GOOD = {"score": 1.5, "symbols": {"A": {"score": 1.5}}}


def http(body: bytes, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def check(path: Path, answer: bytes) -> tuple[dict[str, Any], bytes]:
    seen: list[bytes] = []

    async def rspamd(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        seen.append(head + await reader.readexactly(length))
        writer.write(answer)

    async def run() -> dict[str, Any]:
        async with serving(path, rspamd):
            return await Rspamd(path).check(question(body=b"x" * 200_000))

    return asyncio.run(run()), seen[0]


def test_asks_and_reads(tmp_path: Path) -> None:
    answer, request = check(tmp_path / "s", http(json.dumps(GOOD).encode()))
    assert answer == GOOD
    head, _, message = request.partition(b"\r\n\r\n")
    assert message == b"Subject: one\r\n two\r\n\r\n" + b"x" * 200_000
    lines = head.split(b"\r\n")
    assert lines[0] == b"POST /checkv2 HTTP/1.1"
    told = {line for line in lines[1:] if not line.lower().startswith((b"host:", b"content-length:"))}
    assert told == {
        b"Ip: 192.0.2.1",
        b"Helo: h",
        b"Hostname: client.test",
        b"From: a@b.test",
        b"Queue-Id: Q1",
        b"Rcpt: x@demo.example",
        b"Rcpt: y@demo.example",
        b"TLS-Version: TLSv1.3",
        b"TLS-Cipher: AES",
    }


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        http(b"{}", "500 Internal Server Error"),
        http(b"not json"),
        http(b"[1]"),
        http(b"\xff\xfe{"),
    ],
)
def test_no_answer(tmp_path: Path, answer: bytes) -> None:
    with pytest.raises(UnavailableError, match="rspamd"):
        check(tmp_path / "s", answer)


def test_endless_answer(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="too long"):
        check(tmp_path / "s", http(b"x" * (5 * 2**20)))


def test_fields_cannot_break_out() -> None:
    fields = dict(request_fields(question(helo="x\r\nUser: evil\0", login="jö@demo.example")))
    assert fields[b"Helo"] == b"x??User: evil?"
    assert fields[b"User"] == "jö@demo.example".encode()


def test_notices_have_an_empty_sender() -> None:
    assert dict(request_fields(question(mail_from="")))[b"From"] == b"<>"
