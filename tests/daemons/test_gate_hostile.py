"""Mails made to overload: each gets a final answer in bounded time, and leaves the gate alive and no fatter."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import re
import secrets
import time
import zipfile
from collections.abc import Callable

import psutil
import pytest
from bench.replay.chaos import children
from bench.smtp import Client, Target, attempt, canonical, dot_stuffed

from tests.harness.clients import HOST, mail, new_mailbox, send_from_outside, unique, wait_for_mail
from tests.harness.platform import Platform

SECONDS = 90  # of a loaded machine; the gate itself gives up after `gate.filter_timeout`
MEGABYTE = 2**20
MOST_GROWTH = 400 * MEGABYTE  # of all workers together: they hold the message, and what they unpack of it
CLIENT = Client(helo="hostile.example", address="192.0.2.66")

HEAD = (
    b"From: a@hostile.example\nTo: alice@demo.example\nSubject: hostile\n"
    b"Date: Thu, 26 Nov 2026 08:00:00 +0000\nMIME-Version: 1.0\n"
)


def packed(megabytes: int) -> bytes:
    """A ZIP archive that unpacks to so many megabytes of zeros."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("zeros.bin", "w", force_zip64=True) as member:
            for _ in range(megabytes):
                member.write(bytes(MEGABYTE))
    return written.getvalue()


def packed_again(copies: int, megabytes: int) -> bytes:
    """A ZIP archive of such archives."""
    written, inner = io.BytesIO(), packed(megabytes)
    with zipfile.ZipFile(written, "w") as archive:
        for number in range(copies):
            archive.writestr(f"{number}.zip", inner)
    return written.getvalue()


def attached(archive: bytes) -> bytes:
    field = b"Content-Type: application/zip; name=zeros.zip\nContent-Transfer-Encoding: base64\n\n"
    return HEAD + field + base64.encodebytes(archive)


def parts(count: int) -> bytes:
    return (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\nContent-Type: text/plain\n\nx\n" * count
        + b"--b--\n"
    )


def nested_messages(count: int) -> bytes:
    return b"Content-Type: message/rfc822\n\n".join([HEAD] * count) + b"\ninnermost\n"


def nested_multiparts(count: int) -> bytes:
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (depth, depth) for depth in range(count)
    )
    return HEAD + opened + b"\ninnermost\n"


MADE: dict[str, Callable[[], bytes]] = {
    "zip-bomb": lambda: attached(packed(50)),
    "zip-bomb-of-gigabytes": lambda: attached(packed(2000)),
    "zip-bombs-in-a-zip": lambda: attached(packed_again(20, 100)),
    "10000-parts": lambda: parts(10_000),
    "2500-parts": lambda: parts(2500),
    "1000-nested-messages": lambda: nested_messages(1000),
    "1000-nested-multiparts": lambda: nested_multiparts(1000),
    "header-of-a-megabyte": lambda: HEAD + b"X-Long: v" + b"\n wwwwwwwwwwwwwwwwwww" * 50_000 + b"\n\nbody\n",
    "field-of-a-megabyte": lambda: HEAD + b"X-Long: " + b"v" * MEGABYTE + b"\n\nbody\n",
    "ten-thousand-fields": lambda: HEAD + b"X-Field: value\n" * 10_000 + b"\nbody\n",
    "addresses-without-end": lambda: HEAD + b"Cc: " + b"a@hostile.example, " * 50_000 + b"b@hostile.example\n\nbody\n",
    "comments-without-end": lambda: HEAD + b"Authentication-Results: " + b"(" * MEGABYTE + b"\n\nbody\n",
    "parameters-without-end": lambda: HEAD + b"Content-Type: text/plain" + b"; a*0=b" * 100_000 + b"\n\nbody\n",
    "encoded-words-without-end": lambda: HEAD + b"Subject: " + b"=?utf-8?q?=" * 90_000 + b"\n\nbody\n",
}


@pytest.fixture(scope="module")
def target(platform: Platform) -> str:
    """A mailbox of its own: no other test is to read such mails."""
    return new_mailbox(platform, f"{secrets.token_hex(4)}@demo.example").login


@pytest.fixture(scope="module")
def gate(platform: Platform) -> int:
    """The process id of the workers' parent."""
    engines = json.loads(platform.mailcenter("status", "--json").stdout)["engines"]
    (found,) = (process["pid"] for engine in engines for process in engine["processes"] if process["name"] == "gate")
    return int(found)


def workers(gate: int) -> list[psutil.Process]:
    return [psutil.Process(pid) for pid in children(gate)]


def memory(processes: list[psutil.Process]) -> int:
    return sum(process.memory_info().rss for process in processes)


async def answer(platform: Platform, content: bytes, recipient: str) -> tuple[int, str]:
    target = Target(HOST, platform.port("smtp"), timeout=SECONDS)
    outcome = await attempt(target, CLIENT, "a@hostile.example", recipient, dot_stuffed(canonical(content)))
    return outcome.code, outcome.text


@pytest.mark.parametrize("name", MADE)
def test_hostile_mail_gets_a_final_answer(platform: Platform, target: str, gate: int, name: str) -> None:
    content = MADE[name]()
    before = workers(gate)
    started = time.monotonic()
    code, text = asyncio.run(answer(platform, content, target))
    assert time.monotonic() - started < SECONDS
    refused = re.match(r"5\.\d\.\d+ .+\[[0-9a-z]{13}\]", text, re.DOTALL)
    assert code == 250 or (500 <= code < 600 and refused), (code, text)
    assert workers(gate) == before, "a worker died of it"


def test_memory_stays_bounded(platform: Platform, target: str, gate: int) -> None:
    """The largest of them again and again: what one mail took is there for the next."""
    bomb, before = MADE["zip-bombs-in-a-zip"](), workers(gate)
    fat = memory(before)
    for _ in range(4):
        code, _ = asyncio.run(answer(platform, bomb, target))
        assert code == 250 or code >= 500
    assert memory(before) - fat < MOST_GROWTH
    assert workers(gate) == before


def test_too_many_parts_are_refused_before_a_scan(platform: Platform, target: str) -> None:
    code, text = asyncio.run(answer(platform, MADE["10000-parts"](), target))
    assert (code, text.partition(" [")[0]) == (554, "5.6.0 the message is too complex: more than 2000 parts")


def test_an_ordinary_mail_arrives_afterwards(platform: Platform) -> None:
    reader, subject = new_mailbox(platform, f"{secrets.token_hex(4)}@demo.example"), unique("after the hostile ones")
    send_from_outside(platform, mail(subject, to=reader.login), [reader.login])
    wait_for_mail(platform, reader, subject)
