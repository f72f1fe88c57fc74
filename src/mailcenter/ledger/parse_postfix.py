"""Read one line of Postfix's log: what it says about the fate of a message, nothing for all other lines.

Formats of Postfix 3.7 (`src/*/`: log_adhoc.c, qmgr_active.c, bounce_notify_util.c, cleanup_milter.c, pickup.c). Most
lines are passed over after a look at the name of the program, since the follower must keep up with a busy server.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from mailcenter.ledger.events import LOCAL_RELAY, Child, Event, Kind, MessageId, PostfixFinding, Relation, TurnedAway
from mailcenter.ledger.log_time import LogTime

Findings = tuple[PostfixFinding | TurnedAway, ...]

_DELIVERY = re.compile(
    r"to=<(?P<to>.*?)>, (?:orig_to=<(?P<orig_to>.*?)>, )?relay=(?P<relay>[^,]*), (?:conn_use=\d+, )?"
    r"delay=(?P<delay>[\d.]+), (?:delays=[\d./]+, )?dsn=(?P<dsn>\d\.\d+\.\d+), "
    r"status=(?P<status>[\w-]+) \((?P<text>.*)"
)
_ACTIVE = re.compile(r"from=<(?P<mail_from>.*)>, size=(?P<size>\d+), nrcpt=\d+ \(queue active\)")
_EXPIRED = re.compile(r"from=<.*>, status=(?:force-)?expired, returned to sender")
_NOTICE = re.compile(r"(?P<what>[a-z]+ [a-z -]+) notification: (?P<child>\w+)")
_LMTP_SAVED = re.compile(r"250 2\.\d\.\d (?:<.*> )?(?P<session>\S+) Saved")
_MILTER = re.compile(r"milter-reject: END-OF-MESSAGE from [^;]*?: (?P<dsn>\d\.\d+\.\d+) (?P<text>[^;]*);")
_CAUSE = re.compile(r": caused-by=(?P<reference>[0-9a-z]{13})$")
_TURNED_AWAY = re.compile(r"reject: RCPT from \[(?P<address>[0-9a-fA-F.:]+)\]:\d+: [45]50 [45]\.3\.2 ")
_ORIGINAL = re.compile(r"uid=\d+ from=<.*> orig_id=(?P<parent>\w+)")

_KIND_OF_STATUS: dict[str, Kind] = {"sent": "delivered", "deferred": "deferred", "bounced": "bounced"}
_NOTICES: dict[str, tuple[Kind | None, Relation]] = {
    "sender non-delivery": ("bounce-sent", "bounce"),
    "sender delay": ("notified", "notice"),
    "sender delivery status": ("notified", "notice"),
    "postmaster non-delivery": (None, "notice"),  # of a bounce that could not be delivered itself
}
_NO_QUEUE_IDS = frozenset({"warning", "error", "fatal", "panic", "info"})
_UTF8_LOCAL_PART = "utf8="


class PostfixParser:
    """Holds nothing but the last time stamp."""

    def __init__(self) -> None:
        self._time = LogTime()

    def parse(self, line: str, now: datetime) -> Findings:
        """What a line (without its end) says; empty for all that the ledger does not need."""
        end = line.find("]: ", 16)
        slash = line.rfind("/", 0, end)
        bracket = line.find("[", slash, end)
        if end < 0 or slash < 0 or bracket < 0:
            return ()
        handler = _HANDLERS.get(line[slash + 1 : bracket])
        if handler is None:
            return ()
        queue_id, colon, rest = line[end + 3 :].partition(": ")
        if not colon or not queue_id.isalnum() or queue_id in _NO_QUEUE_IDS:
            return ()
        try:
            at, _ = self._time.read(line, now)
        except ValueError:
            at = now
        return handler(at, queue_id, rest)


def _lmtp(at: datetime, queue_id: str, rest: str) -> Findings:
    """Into our own mailboxes: the relay is a socket of ours and nobody's business."""
    return _delivery(at, queue_id, rest, local=True)


def _delivery(at: datetime, queue_id: str, rest: str, *, local: bool = False) -> Findings:
    match = _DELIVERY.match(rest) if rest.startswith("to=<") else None
    kind = _KIND_OF_STATUS.get(match["status"]) if match else None
    if match is None or kind is None:
        return ()
    text = match["text"].removesuffix(")")
    saved = _LMTP_SAVED.match(text) if local else None
    final = _readable(match["to"])
    return (
        Event(
            at=at,
            queue_id=queue_id,
            kind=kind,
            recipient=match["orig_to"] or final,
            final_recipient=final,
            dsn=match["dsn"],
            relay=LOCAL_RELAY if local else match["relay"] if match["relay"] != "none" else "",
            delay_ms=round(float(match["delay"]) * 1000),
            text=text,
            session=saved["session"] if saved else "",
        ),
    )


def _readable(address: str) -> str:
    """Dovecot 2.3 takes no SMTPUTF8, so a local part goes to it as `utf8=` and the bytes in hexadecimal digits."""
    if not address.startswith(_UTF8_LOCAL_PART):
        return address
    local_part, at_sign, domain = address.removeprefix(_UTF8_LOCAL_PART).rpartition("@")
    try:
        return bytes.fromhex(local_part).decode("utf-8") + at_sign + domain
    except ValueError:
        return address


def _discard(at: datetime, queue_id: str, rest: str) -> Findings:
    return tuple(
        Event(at, queue_id, "discarded", finding.recipient, finding.final_recipient, finding.dsn, text=finding.text)
        for finding in _delivery(at, queue_id, rest)
        if isinstance(finding, Event)
    )


def _qmgr(at: datetime, queue_id: str, rest: str) -> Findings:
    if rest == "removed":
        return (Event(at, queue_id, "removed"),)
    if not rest.startswith("from=<"):
        return _delivery(at, queue_id, rest)
    active = _ACTIVE.match(rest)
    if active:
        return (Event(at, queue_id, "queued", mail_from=active["mail_from"], size=int(active["size"])),)
    return (Event(at, queue_id, "expired"),) if _EXPIRED.match(rest) else ()


def _bounce(at: datetime, queue_id: str, rest: str) -> Findings:
    match = _NOTICE.match(rest)
    if not match or match["what"] not in _NOTICES:
        return ()
    kind, relation = _NOTICES[match["what"]]
    child = Child(match["child"], relation, parent=queue_id)
    return (child, Event(at, queue_id, kind, text=match["child"])) if kind else (child,)


def _cleanup(at: datetime, queue_id: str, rest: str) -> Findings:
    """Our `mailbox-cleanup` service says by `caused-by` which transaction a redirected mail comes from."""
    if rest.startswith("message-id="):
        return (MessageId(queue_id, rest[len("message-id=") :]),)
    if rest.startswith("info: header X-Mailcenter-Reference: "):
        cause = _CAUSE.search(rest)
        return (Child(queue_id, "redirect", reference=cause["reference"]),) if cause else ()
    refused = _MILTER.match(rest) if rest.startswith("milter-reject: ") else None
    return (Event(at, queue_id, "refused", dsn=refused["dsn"], text=refused["text"]),) if refused else ()


def _pickup(at: datetime, queue_id: str, rest: str) -> Findings:
    original = _ORIGINAL.match(rest)
    return (Child(queue_id, "requeue", parent=original["parent"]),) if original else ()


def _postscreen(at: datetime, queue_id: str, rest: str) -> Findings:
    """Its refusals are counted only: there may be thousands in a second, and a ban is told of by itself."""
    match = _TURNED_AWAY.match(rest)
    return (TurnedAway(match["address"]),) if match else ()


def _postsuper(at: datetime, queue_id: str, rest: str) -> Findings:
    return (Event(at, queue_id, "discarded"), Event(at, queue_id, "removed")) if rest == "removed" else ()


_HANDLERS: dict[str, Callable[[datetime, str, str], Findings]] = {
    "lmtp": _lmtp,
    **dict.fromkeys(("smtp", "pipe", "error", "local", "virtual", "retry"), _delivery),
    "discard": _discard,
    "qmgr": _qmgr,
    "bounce": _bounce,
    "cleanup": _cleanup,
    "pickup": _pickup,
    "postscreen": _postscreen,
    "postsuper": _postsuper,
}
