"""What the daemons' logs say about a message, as values: the vocabulary between the log parsers and the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal[
    "queued",  # Postfix has it safely in its queue
    "delivered",  # into a mailbox, or handed over to another server
    "deferred",  # not yet; Postfix tries again
    "bounced",  # for good; the sender gets a notice
    "expired",  # tried for too long; the sender gets a notice
    "discarded",  # by the owner's own rule, or by the operator from the queue
    "redirected",  # by the owner's own rule; a new message goes to `final_recipient`
    "replied",  # by the owner's own rule (vacation, reject); a new message goes to `final_recipient`
    "refused",  # the gate accepted, yet Postfix answered the client with an error: it did not take the mail
    "bounce-sent",  # the notice of non-delivery was made
    "notified",  # another notice to the sender was made: delay, or success where he asked for it
    "removed",  # the message left the queue
]

END_KINDS: frozenset[str] = frozenset({"delivered", "bounced", "expired", "discarded", "redirected", "refused"})
"""A recipient with one of these has an end."""

LOCAL_RELAY = "local"
"""`relay` of a delivery into our own mailboxes."""

Relation = Literal["", "bounce", "notice", "redirect", "requeue"]
"""How a child's message came from its parent; empty for the message that the client sent."""


@dataclass(frozen=True, slots=True)
class Event:
    """One happening. An empty `recipient` means the whole message; `recipient` is as the client named it in RCPT TO,
    `final_recipient` what aliases made of it (RFC 3464 sections 2.3.1 and 2.3.2). `delay_ms` counts from arrival."""

    at: datetime
    queue_id: str
    kind: Kind
    recipient: str = ""
    final_recipient: str = ""
    dsn: str = ""
    relay: str = ""
    delay_ms: int | None = None
    text: str = ""
    folder: str = ""
    session: str = ""
    """Dovecot's LMTP session, by which its own lines are joined."""
    mail_from: str = ""
    size: int = 0
    message_id: str = ""
    """With `queued` only, for mail that never met the gate."""


@dataclass(frozen=True, slots=True)
class Child:
    """A message made from another one: from the message `parent` in the queue, or from the transaction `reference`."""

    queue_id: str
    relation: Relation
    parent: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class MessageId:
    """The Message-ID of a message in the queue."""

    queue_id: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Filing:
    """What Dovecot did with a message during one LMTP session, before it answered Postfix."""

    at: datetime
    session: str
    user: str
    kind: Literal["delivered", "discarded", "redirected", "replied"]
    folder: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A client that postscreen refused because its network is banned."""

    address: str


PostfixFinding = Event | Child | MessageId
