"""Compare a mail as it was sent with the mail as it lies in the mailbox (RFC 5322 fields, byte for byte)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

_FIELD_START = re.compile(rb"([!-9;-~]+)[ \t]*:")
_MBOX_LINE = re.compile(rb">*From ")

ADDED = frozenset(
    name.encode()
    for name in (
        "return-path",  # Dovecot LMTP
        "delivered-to",  # Dovecot LMTP
        "received",  # Postfix, and Dovecot LMTP
        "authentication-results",  # the gate, RFC 8601; and its own verdict:
        "x-spam-score",
        "x-spam-flag",
        "x-mailcenter-reference",
        "x-mailcenter-score",
        "x-mailcenter-quarantine",
        "x-mailcenter-denied",
        "x-mailcenter-allowed",
    )
)
"""What delivery may add."""

REMOVED = frozenset(
    name.encode()
    for name in (
        "bcc",  # Postfix message_drop_headers
        "content-length",
        "resent-bcc",
        "return-path",
    )
)
REMOVED_PREFIXES = (b"x-spam-", b"x-mailcenter-")  # the gate: nobody but us says such things
"""What delivery may take away."""


@dataclass
class Comparison:
    """`faults` is empty where nothing changed but for `added` and `removed` fields (names in lower case)."""

    added: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def split(content: bytes) -> tuple[list[bytes], bytes]:
    """The header's fields, each with its folds and without the last CRLF, and the body.

    The header ends at an empty line, or before the first line that can be no field: Postfix puts the missing empty line
    there.
    """
    fields: list[bytes] = []
    position = 0
    while position < len(content):
        end = content.find(b"\r\n", position)
        line = content[position : end if end >= 0 else len(content)]
        following = end + 2 if end >= 0 else len(content)
        if not line:
            return fields, content[following:]
        if line[:1] in b" \t" and fields:
            fields[-1] += b"\r\n" + line
        elif _FIELD_START.match(line):
            fields.append(line)
        else:
            return fields, content[position:]
        position = following
    return fields, b""


def _normal(one: bytes) -> bytes:
    """Postfix writes the obsolete `name :` (RFC 5322 section 4.5.8) as `name:`."""
    return _FIELD_START.sub(rb"\1:", one, count=1)


def _name(one: bytes) -> bytes:
    return one.split(b":", 1)[0].strip().lower()


def compare(sent: bytes, found: bytes, own_names: tuple[bytes, ...]) -> Comparison:
    """`own_names`: our authserv-ids; forged Authentication-Results with them may be missing (RFC 8601 section 5)."""
    result = Comparison()
    if _MBOX_LINE.match(sent):
        sent = b"X-Mailbox-Line: " + sent  # so Postfix's smtpd saves such a first line from ending the header
        result.added["x-mailbox-line"] += 1
    sent_fields, sent_body = split(sent)
    found_fields, found_body = split(found)
    waiting = [_normal(one) for one in sent_fields]
    for one in map(_normal, found_fields):
        gone = _gone_before(one, waiting, own_names)
        if gone is not None:
            result.removed.update(_name(lost).decode("ascii", "replace") for lost in waiting[:gone])
            del waiting[: gone + 1]
        elif _name(one) in ADDED:
            result.added[_name(one).decode()] += 1
        else:
            result.faults.append(f"header field added or changed: {one[:70]!r}")
    for one in waiting:
        if _removable(one, own_names):
            result.removed[_name(one).decode("ascii", "replace")] += 1
        else:
            result.faults.append(f"header field missing or changed: {one[:70]!r}")
    if sent_body != found_body:
        result.faults.append(_first_difference(sent_body, found_body))
    return result


def _gone_before(one: bytes, waiting: list[bytes], own_names: tuple[bytes, ...]) -> int | None:
    """How many removable fields stand before `one` in `waiting`; None where it is not the next one but for these."""
    for position, waits in enumerate(waiting):
        if waits == one:
            return position
        if not _removable(waits, own_names):
            return None
    return None


def _removable(one: bytes, own_names: tuple[bytes, ...]) -> bool:
    if _name(one) == b"authentication-results":
        return any(own in one.lower() for own in own_names)
    return _name(one) in REMOVED or _name(one).startswith(REMOVED_PREFIXES)


def _first_difference(sent: bytes, found: bytes) -> str:
    at = next(
        (at for at, pair in enumerate(zip(sent, found, strict=False)) if pair[0] != pair[1]), min(len(sent), len(found))
    )
    return f"body differs at byte {at}: sent {sent[at : at + 30]!r}, found {found[at : at + 30]!r}"
