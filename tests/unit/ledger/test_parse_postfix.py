"""Lines of Postfix 3.7 as it writes them under our configuration, with made-up addresses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mailcenter.ledger.events import Child, Event, MessageId, TurnedAway
from mailcenter.ledger.parse_postfix import PostfixParser

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
AT = datetime(2026, 11, 22, 4, 32, 45).astimezone(UTC)
QID = "4jXGQP0X3Kz1Sb4B"
CHILD = "4jXGQP3cdhz1Sb4H"


def _event(kind: Any, **values: Any) -> Event:
    return Event(at=AT, queue_id=QID, kind=kind, **values)


CASES: dict[str, tuple[str, str, tuple[object, ...]]] = {
    "into a mailbox": (
        "postfix/lmtp",
        "to=<alice@demo.example>, relay=mail.demo.example[mailboxes], delay=0.03, delays=0.01/0.01/0/0, dsn=2.0.0, "
        "status=sent (250 2.0.0 <alice@demo.example> 30tzNGxwAmsYGgAAg+zDdQ Saved)",
        (
            _event(
                "delivered",
                recipient="alice@demo.example",
                final_recipient="alice@demo.example",
                dsn="2.0.0",
                relay="local",
                delay_ms=30,
                text="250 2.0.0 <alice@demo.example> 30tzNGxwAmsYGgAAg+zDdQ Saved",
                session="30tzNGxwAmsYGgAAg+zDdQ",
            ),
        ),
    ),
    "second recipient of a session": (
        "postfix/lmtp",
        "to=<bob@demo.example>, relay=mail.demo.example[mailboxes], delay=1.2, delays=0/0/0/1.2, dsn=2.0.0, "
        "status=sent (250 2.0.0 <bob@demo.example> XmRHAm1wAmu+GgAAg+zDdQ:R2 Saved)",
        (
            _event(
                "delivered",
                recipient="bob@demo.example",
                final_recipient="bob@demo.example",
                dsn="2.0.0",
                relay="local",
                delay_ms=1200,
                text="250 2.0.0 <bob@demo.example> XmRHAm1wAmu+GgAAg+zDdQ:R2 Saved",
                session="XmRHAm1wAmu+GgAAg+zDdQ:R2",
            ),
        ),
    ),
    "by an alias with a UTF-8 local part": (
        "postfix/lmtp",
        "to=<utf8=6ac3bc7267656e@demo.example>, orig_to=<jürgen@demo.example>, relay=none, delay=10, delays=9/1/0/0, "
        "dsn=4.4.1, status=deferred (connect to mail.demo.example[mailboxes]: Connection refused)",
        (
            _event(
                "deferred",
                recipient="jürgen@demo.example",
                final_recipient="jürgen@demo.example",
                dsn="4.4.1",
                relay="local",
                delay_ms=10000,
                text="connect to mail.demo.example[mailboxes]: Connection refused",
            ),
        ),
    ),
    "to a remote server": (
        "postfix/smtp",
        "to=<x@remote.example>, orig_to=<team@demo.example>, relay=mx.remote.example[192.0.2.9]:25, conn_use=2, "
        "delay=0.08, delays=0.02/0.06/0/0, dsn=2.0.0, status=sent (250 2.0.0 taken (as 17))",
        (
            _event(
                "delivered",
                recipient="team@demo.example",
                final_recipient="x@remote.example",
                dsn="2.0.0",
                relay="mx.remote.example[192.0.2.9]:25",
                delay_ms=80,
                text="250 2.0.0 taken (as 17)",
            ),
        ),
    ),
    "refused by a remote server": (
        "postfix/relay/smtp",
        "to=<nobody@remote.example>, relay=127.0.0.1[127.0.0.1]:3211, delay=0.01, delays=0/0/0/0, dsn=5.1.1, "
        "status=bounced (host 127.0.0.1[127.0.0.1] said: 550 5.1.1 no such user here (in reply to RCPT TO command))",
        (
            _event(
                "bounced",
                recipient="nobody@remote.example",
                final_recipient="nobody@remote.example",
                dsn="5.1.1",
                relay="127.0.0.1[127.0.0.1]:3211",
                delay_ms=10,
                text="host 127.0.0.1[127.0.0.1] said: 550 5.1.1 no such user here (in reply to RCPT TO command)",
            ),
        ),
    ),
    "no route": (
        "postfix/error",
        "to=<x@far.example>, relay=none, delay=0.02, delays=0/0.01/0/0.01, dsn=4.4.3, status=deferred (no names)",
        (
            _event(
                "deferred",
                recipient="x@far.example",
                final_recipient="x@far.example",
                dsn="4.4.3",
                delay_ms=20,
                text="no names",
            ),
        ),
    ),
    "discard transport": (
        "postfix/discard",
        "to=<x@far.example>, relay=none, delay=0, delays=0/0/0/0, dsn=2.0.0, status=sent (far.example)",
        (
            _event(
                "discarded",
                recipient="x@far.example",
                final_recipient="x@far.example",
                dsn="2.0.0",
                text="far.example",
            ),
        ),
    ),
    "address verification": (
        "postfix/smtp",
        "to=<x@far.example>, relay=none, delay=0, delays=0/0/0/0, dsn=2.0.0, status=deliverable (ok)",
        (),
    ),
    "queued": (
        "postfix/qmgr",
        "from=<a@b.example>, size=391, nrcpt=1 (queue active)",
        (_event("queued", mail_from="a@b.example", size=391),),
    ),
    "removed": ("postfix/qmgr", "removed", (_event("removed"),)),
    "expired": ("postfix/qmgr", "from=<a@b.example>, status=expired, returned to sender", (_event("expired"),)),
    "expired by hand": (
        "postfix/qmgr",
        "from=<a@b.example>, status=force-expired, returned to sender",
        (_event("expired"),),
    ),
    "still busy": ("postfix/qmgr", "skipped, still being delivered", ()),
    "bounce made": (
        "postfix/bounce",
        f"sender non-delivery notification: {CHILD}",
        (Child(CHILD, "bounce", parent=QID), _event("bounce-sent", text=CHILD)),
    ),
    "delay notice made": (
        "postfix/bounce",
        f"sender delay notification: {CHILD}",
        (Child(CHILD, "notice", parent=QID), _event("notified", text=CHILD)),
    ),
    "success notice made": (
        "postfix/bounce",
        f"sender delivery status notification: {CHILD}",
        (Child(CHILD, "notice", parent=QID), _event("notified", text=CHILD)),
    ),
    "bounce of a bounce": (
        "postfix/bounce",
        f"postmaster non-delivery notification: {CHILD}",
        (Child(CHILD, "notice", parent=QID),),
    ),
    "message id": ("postfix/cleanup", "message-id=<1@b.example>", (MessageId(QID, "<1@b.example>"),)),
    "redirected": (
        "postfix/cleanup",
        "info: header X-Mailcenter-Reference: 0abcdefghjkmn from localhost[127.0.0.1]; from=<a@b.example> "
        "to=<x@remote.example> proto=ESMTP helo=<localhost>: caused-by=0abcdefghjkmn",
        (Child(QID, "redirect", reference="0abcdefghjkmn"),),
    ),
    "refused after the gate's verdict": (
        "postfix/cleanup",
        "milter-reject: END-OF-MESSAGE from localhost[127.0.0.1]: 4.7.1 Service unavailable - try again later; "
        "from=<a@b.example> to=<alice@demo.example> proto=ESMTP helo=<b.example>",
        (_event("refused", dsn="4.7.1", text="Service unavailable - try again later"),),
    ),
    "put into the queue again": (
        "postfix/pickup",
        f"uid=0 from=<a@b.example> orig_id={CHILD}",
        (Child(QID, "requeue", parent=CHILD),),
    ),
    "by sendmail": ("postfix/pickup", "uid=0 from=<root>", ()),
    "deleted by the operator": ("postfix/postsuper", "removed", (_event("discarded"), _event("removed"))),
    "held by the operator": ("postfix/postsuper", "placed on hold", ()),
    "a dialogue": ("postfix/smtpd", "client=localhost[127.0.0.1]", ()),
    "submission": ("postfix/submission/smtpd", "client=localhost[127.0.0.1], sasl_method=PLAIN", ()),
}


@pytest.mark.parametrize("name", CASES)
def test_line(name: str) -> None:
    program, text, expected = CASES[name]
    assert PostfixParser().parse(f"Nov 22 04:32:45 mail {program}[6845]: {QID}: {text}", NOW) == expected


@pytest.mark.parametrize(
    "line",
    [
        "",
        "x",
        "]: ",
        "Nov 22 04:32:45 mail postfix/qmgr[1]: warning: removed",
        "Nov 22 04:32:45 mail postfix/lmtp[1]: 4jXGQP0X3Kz1Sb4B: to=<alice@demo.example>, relay",
        "Nov 22 04:32:45 mail postfix/lmtp[6845]: connect to mail.demo.example[mailboxes]: No such file",
        "Nov 22 04:32:45 mail postfix/bounce[1]: 4jXGQP0X3Kz1Sb4B: other notification: 4jXGQP3cdhz1Sb4H",
        "/" * 5000,
    ],
)
def test_other_lines_say_nothing(line: str) -> None:
    assert PostfixParser().parse(line, NOW) == ()


def test_a_line_without_a_time_counts_from_now() -> None:
    [event] = PostfixParser().parse(f"??? 22 04:32:45 mail postfix/qmgr[1]: {QID}: removed", NOW)
    assert isinstance(event, Event)
    assert event.at == NOW


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("RCPT from [192.0.2.7]:54785: 450 4.3.2 Service currently unavailable; from=<a@b.test>", "192.0.2.7"),
        ("RCPT from [2001:db8::7]:25: 450 4.3.2 Service currently unavailable; from=<>", "2001:db8::7"),
        ("RCPT from [192.0.2.7]:54785: 450 4.5.1 Protocol error; from=<a@b.test>", ""),
    ],
)
def test_what_postscreen_turned_away(said: str, address: str) -> None:
    line = f"Nov 26 07:31:03 mail postfix/postscreen[21206]: NOQUEUE: reject: {said}"
    assert PostfixParser().parse(line, datetime(2026, 11, 26, 8, tzinfo=UTC)) == (
        (TurnedAway(address),) if address else ()
    )
