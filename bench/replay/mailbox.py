"""Read over IMAP what lies in the mailboxes, and tell which sending each message comes from."""

from __future__ import annotations

import imaplib
import re
import ssl
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FOLDERS = ("INBOX", "Junk")
_BATCH = 100
_LOGIN_TRIES = 10
_REFERENCE = re.compile(rb"^X-Mailcenter-Reference:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_TRACE_BYTES = 4096  # our own fields stand before the mail's


@dataclass(frozen=True)
class Access:
    """An IMAPS server and the authority that signed its certificate."""

    host: str
    port: int
    authority: Path


@dataclass(frozen=True)
class Login:
    """A mailbox's address and password."""

    address: str
    password: str


@dataclass(frozen=True)
class Copy:
    """One message found; `reference` is that of its SMTP transaction."""

    folder: str
    reference: str
    content: bytes


def _contents(session: imaplib.IMAP4_SSL, tag: str) -> Iterator[bytes]:
    """Messages whose Delivered-To names the tag; what else lies in the mailbox is not read."""
    _, answer = session.uid("SEARCH", "HEADER", "Delivered-To", tag)
    uids = answer[0].split() if answer and answer[0] else []
    for start in range(0, len(uids), _BATCH):
        wanted = b",".join(uids[start : start + _BATCH]).decode()
        _, parts = session.uid("FETCH", wanted, "(BODY.PEEK[])")
        for part in parts:
            if isinstance(part, tuple):
                yield part[1]


def _log_in(session: imaplib.IMAP4_SSL, login: Login) -> None:
    """A temporary failure ([UNAVAILABLE], RFC 5530) is no refusal: try again, as mail programs do."""
    for left in range(_LOGIN_TRIES - 1, -1, -1):
        try:
            session.login(login.address, login.password)
        except imaplib.IMAP4.error as error:
            if "[UNAVAILABLE]" not in str(error) or not left:
                raise
            time.sleep(1)
        else:
            return


def read(access: Access, logins: list[Login], tag: str) -> dict[int, list[Copy]]:
    """All copies of mails sent to `LOCAL+TAG-NUMBER@DOMAIN`, by their number.

    Raises:
        imaplib.IMAP4.error, OSError: a mailbox cannot be read.
    """
    found: dict[int, list[Copy]] = defaultdict(list)
    recipient = re.compile(rb"\+" + tag.encode() + rb"-(\d+)@")
    context = ssl.create_default_context(cafile=access.authority)
    context.check_hostname = False  # the certificate bears the public name, and we ask at an address
    for login in logins:
        with imaplib.IMAP4_SSL(access.host, access.port, ssl_context=context) as session:
            _log_in(session, login)
            for folder in _FOLDERS:
                if session.select(folder, readonly=True)[0] != "OK":
                    continue  # Junk may not have been made yet
                for content in _contents(session, f"+{tag}-"):
                    if number := recipient.search(content, 0, _TRACE_BYTES):
                        reference = _REFERENCE.search(content, 0, _TRACE_BYTES)
                        found[int(number[1])].append(
                            Copy(folder, reference[1].decode("ascii", "replace") if reference else "", content)
                        )
    return found
