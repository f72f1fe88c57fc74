"""Read a corpus of mails from a folder or a tar archive, each with the envelope it once may have had."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address
from pathlib import Path

from bench.smtp import Client, canonical

_MBOX_LINE = re.compile(rb"From (\S+) [^\r\n]*\r?\n")
_RETURN_PATH = re.compile(rb"^Return-Path:[ \t]*<([^>\r\n]*)>", re.IGNORECASE | re.MULTILINE)
_FROM = re.compile(rb"^From:[^\r\n]*?([^\s<>\"(),:;]+@[^\s<>\"(),:;]+)", re.IGNORECASE | re.MULTILINE)
_RECEIVED = re.compile(rb"^Received:[ \t]+from[ \t]+(\S+)[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}\Z")
_IPV4 = re.compile(rb"[\[(](\d{1,3}(?:\.\d{1,3}){3})[\])]")
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z")


@dataclass(frozen=True)
class Mail:
    """`content` is canonical (CRLF); `mail_from` is empty where none could be found."""

    name: str
    content: bytes
    mail_from: str
    client: Client


def _mail_from(header: bytes, mbox_sender: bytes) -> str:
    for found in (mbox_sender, *_RETURN_PATH.findall(header)[:1], *_FROM.findall(header)[:1]):
        address: str = found.decode("ascii", "replace")
        if _ADDRESS.match(address) and ".." not in address and not address.startswith("."):
            return address
    return ""


def _client(header: bytes) -> Client:
    """The first hop from outside that the mail's own trace names."""
    for field in _RECEIVED.finditer(header):
        for digits in _IPV4.findall(field[0]):
            try:
                address = IPv4Address(digits.decode())
            except AddressValueError:
                continue
            if address.is_global:
                helo: str = field[1].decode("ascii", "replace")
                return Client(helo=helo if _HOST.match(helo) else "unknown.example", address=str(address))
    return Client()


def mail(name: str, raw: bytes) -> Mail:
    """One mail of a file's content; the line that starts a message in an mbox is no part of the message."""
    mbox_sender = b""
    if found := _MBOX_LINE.match(raw):
        mbox_sender = found[1]
        raw = raw[found.end() :]
    content = canonical(raw)
    header = content.partition(b"\r\n\r\n")[0].replace(b"\r\n", b"\n")
    return Mail(name, content, _mail_from(header, mbox_sender), _client(header))


def read(path: Path) -> Iterator[Mail]:
    """Every file of a folder or a tar archive (any compression) as one mail, in the order of their names.

    Raises:
        OSError, tarfile.TarError: the corpus cannot be read.
    """
    if path.is_dir():
        for file in sorted(file for file in path.rglob("*") if file.is_file()):
            yield mail(str(file.relative_to(path)), file.read_bytes())
        return
    with tarfile.open(path) as archive:
        for member in sorted((member for member in archive if member.isfile()), key=lambda member: member.name):
            file_object = archive.extractfile(member)
            if file_object is not None:
                yield mail(member.name, file_object.read())
