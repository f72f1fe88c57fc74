"""What is fuzzed: each target takes bytes and must neither raise nor take long; the seeds show it what to change."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address

from mailcenter.attachments.extensions import SEED_EXTENSIONS
from mailcenter.attachments.findings import Limits
from mailcenter.attachments.walk import examine
from mailcenter.dmarc.arc import arc_evidence
from mailcenter.dmarc.arc_structure import structural_fault
from mailcenter.dmarc.author import TooManyAuthors, author_domains
from mailcenter.dmarc.record import parse_record
from mailcenter.mail.address import AddressError, parse_path
from mailcenter.mail.authres import claims_to_be_from
from mailcenter.mail.header import addresses_in, decoded
from mailcenter.milter.connection import MilterConnection
from mailcenter.milter.decode import decode
from mailcenter.milter.errors import MilterError
from mailcenter.spf.evaluation import Request, evaluate
from tests.corpus import torture
from tests.unit.attachments.samples import PROGRAM, SEVEN_ZIP, attached, rar4, rar5, tnef, zipped
from tests.unit.milter.packets import packet


@dataclass(frozen=True)
class Target:
    """`longest`: bytes of an input at the most."""

    run: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]
    longest: int


def _codec(data: bytes) -> None:
    """The first byte is a command; all of it also goes through a connection in two portions."""
    with suppress(MilterError):
        decode(data[0] if data else 0, data[1:])
    connection = MilterConnection()
    with suppress(MilterError):
        for portion in (data[: len(data) // 2], data[len(data) // 2 :]):
            connection.receive(portion)
            while connection.next_event() is not None:
                pass


def _message(data: bytes) -> None:
    examine(data, extensions=SEED_EXTENSIONS, clock=time.monotonic, limits=Limits(seconds=2, unpacked=2**22))


def _header(data: bytes) -> None:
    decoded(data)
    addresses_in(data)
    with suppress(AddressError):
        parse_path(data.decode("utf-8", "replace"))


def _author(data: bytes) -> None:
    with suppress(TooManyAuthors):
        author_domains([data.decode("utf-8", "surrogateescape")])


def _arc(data: bytes) -> None:
    first, _, second = data.decode("utf-8", "replace").partition("\n")
    arc_evidence([first], [second], "author.example", is_intact=True)


def _arc_structure(data: bytes) -> None:
    fields = data.decode("utf-8", "replace").split("\n")
    structural_fault(fields[::3], fields[1::3], fields[2::3])


def _spf(data: bytes) -> None:
    """Sender, HELO and records of SPF; the DNS answers each question with what is left."""
    envelope, *records = data.decode("latin-1").split("\n")
    sender, _, helo = envelope.partition(" ")
    evaluation = evaluate(Request(ip_address("192.0.2.1"), sender, helo))
    asked = 0
    with suppress(StopIteration):
        question = next(evaluation)
        while True:
            asked += 1
            assert asked < 200, "questions without end"
            answer = tuple(f"v=spf1 {record}" for record in records[:1]) if question.kind == "txt" else records
            question = evaluation.send(tuple(answer))


def _archives() -> list[bytes]:
    files = {"a.exe": PROGRAM, "b.txt": b"text"}
    archives = {
        "a.zip": zipped(files),
        "a.7z": SEVEN_ZIP,
        "a.rar": rar5(files),
        "winmail.dat": tnef(files),
        "b.zip": zipped({"inner.zip": zipped(files)}),
    }
    return [attached(data, name) for name, data in archives.items()] + [attached(rar4(files), "old.rar")]


TARGETS: dict[str, Target] = {
    "codec": Target(
        _codec,
        lambda: [
            packet(b"O", b"\0\0\0\6\0\0\1\xff\0\0\0\0"),
            packet(b"C", b"host\x004\0\x19192.0.2.1\0") + packet(b"H", b"helo\0"),
            packet(b"D", b"Mi\0queue\0") + packet(b"M", b"<a@b.example>\0SIZE=1\0"),
        ],
        4096,
    ),
    "message": Target(_message, lambda: [*_archives(), *(mail.content[:20_000] for mail in torture())], 32_768),
    "header": Target(
        _header,
        lambda: [
            b'"A (b)" <a@b.example>, group: c@d.example;',
            b"=?utf-8?q?=41?= =?utf-8?b?QQ==?= <a@[192.0.2.1]>",
            b'<@x.example:"a b"@c.example>',
        ],
        4096,
    ),
    "authentication-results": Target(
        lambda data: claims_to_be_from(data, "mail.demo.example"),
        lambda: [b' (c \\( (d)) "mail.demo.example" 1; spf=pass', b"mail.demo.example; none"],
        4096,
    ),
    "dmarc-record": Target(
        lambda data: parse_record(data.decode("latin-1")),
        lambda: [
            b"v=DMARC1; p=reject; sp=none; np=quarantine; adkim=s; t=y; rua=mailto:a@b.example!10m,mailto:c@d.example"
        ],
        2048,
    ),
    "dmarc-author": Target(_author, lambda: [b'"a" <a@b.example>, (c) d@e.example'], 4096),
    "arc-structure": Target(
        _arc_structure,
        lambda: [
            b"i=1; a=rsa-sha256; cv=none; d=s.example; s=x; b=" + b"QUJD" * 43 + b"\n"
            b"i=1; a=rsa-sha256; d=s.example; s=x; h=from; bh=AA; b=" + b"QUJD" * 43 + b"\n"
            b"i=1; s.example; dmarc=pass"
        ],
        8192,
    ),
    "spf": Target(
        _spf,
        lambda: [
            b"a.b@c.example mx.c.example\na:%{l1r-}.%{d}/24//64 exists:%{ir}.%{p}.%{v} ptr -all\nx.test",
            b"a@c.example h.example\nip4:192.0.2.0/24 ip6:2001:db8::/32 redirect=%{o} exp=%{d2} x=%{h}\n192.0.2.1",
        ],
        2048,
    ),
    "arc": Target(
        _arc,
        lambda: [
            b"i=1; a=rsa-sha256; cv=none; d=s.example; s=x; b=\ni=1; s.example; dmarc=pass header.from=author.example"
        ],
        8192,
    ),
}
