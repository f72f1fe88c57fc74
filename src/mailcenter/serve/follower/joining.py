"""Join what the logs say to the transactions it belongs to: by queue id, by LMTP session. Values in, values out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, NamedTuple

from mailcenter.ledger.events import Child, Event, Filing, PostfixFinding, Relation


class Owner(NamedTuple):
    """The transaction that a queue id belongs to."""

    started_at: datetime
    reference: str


class Heir(NamedTuple):
    """A queue id that was found to belong to a transaction because its message was made from another."""

    queue_id: str
    owner: Owner
    parent: str
    relation: Relation


@dataclass
class Joined:
    """`events` with their transaction, `heirs` among queue ids, and what must wait, by the key it waits for."""

    events: list[tuple[Owner, Event]] = field(default_factory=list)
    heirs: list[Heir] = field(default_factory=list)
    waiting: list[tuple[str, Event | Child | Filing]] = field(default_factory=list)


def queue_key(queue_id: str) -> str:
    """What a finding waits for: a transaction with this queue id."""
    return f"q:{queue_id}"


def session_key(session: str) -> str:
    """What a filing waits for: Postfix's line about this LMTP session."""
    return f"s:{session}"


def join(
    findings: Iterable[PostfixFinding],
    filings: Iterable[Filing],
    owners: dict[str, Owner],
    references: dict[str, Owner],
) -> Joined:
    """Find the transaction of each finding.

    Args:
        owners: what is known of queue ids; grows by the children found.
        references: the transactions that children name.
    """
    joined = Joined()
    by_session: dict[str, list[Filing]] = defaultdict(list)
    for filing in filings:
        by_session[filing.session].append(filing)
    children = [finding for finding in findings if isinstance(finding, Child)]
    events = [finding for finding in findings if isinstance(finding, Event)]
    _adopt(children, owners, references, joined)
    for event in events:
        owner = owners.get(event.queue_id)
        if owner is None:
            joined.waiting.append((queue_key(event.queue_id), event))
        elif event.session in by_session:
            joined.events += [(owner, filed) for filed in filed_events(event, by_session.pop(event.session))]
        else:
            joined.events.append((owner, event))
    joined.waiting += [(session_key(name), filing) for name, found in by_session.items() for filing in found]
    return joined


def _adopt(children: list[Child], owners: dict[str, Owner], references: dict[str, Owner], joined: Joined) -> None:
    """Give children their parent's transaction; a child may be the parent of another, in any order."""
    while True:
        left = []
        for child in children:
            owner = references.get(child.reference) if child.reference else owners.get(child.parent)
            if owner is None:
                left.append(child)
            elif owners.get(child.queue_id) is None:
                owners[child.queue_id] = owner
                joined.heirs.append(Heir(child.queue_id, owner, child.parent, child.relation))
        if len(left) == len(children):
            break
        children = left
    # A reference that no transaction has: the mail is one of its own.
    joined.waiting += [(queue_key(child.parent), child) for child in children if child.parent]


def filed_events(delivery: Event, filings: list[Filing]) -> list[Event]:
    """What became of a delivery over LMTP, by Dovecot's own lines about it.

    Postfix knows only that Dovecot took the mail; the owner's rules may have filed, redirected or discarded it.
    """
    ends: list[Event] = []
    answers: list[Event] = []
    for filing in filings:
        if filing.kind == "delivered":
            ends.append(replace(delivery, folder=filing.folder))
        elif filing.kind == "redirected":
            ends.append(replace(delivery, kind="redirected", final_recipient=filing.target, text=""))
        elif filing.kind == "replied":
            answers.append(replace(delivery, kind="replied", final_recipient=filing.target, text=""))
    if not ends and any(filing.kind in ("discarded", "replied") for filing in filings):
        # A rule that rejects answers and keeps nothing; a vacation always comes with a folder.
        ends.append(replace(delivery, kind="discarded", text=""))
    return [*(ends or [delivery]), *answers]


_TYPES: dict[str, type[Event | Child | Filing]] = {"Event": Event, "Child": Child, "Filing": Filing}
_FIELDS = {kind: tuple(spec.name for spec in fields(kind)) for kind in _TYPES.values()}


def to_payload(value: Event | Child | Filing) -> dict[str, Any]:
    """The JSON form of what waits."""
    names = _FIELDS[type(value)]
    values = {name: inner for name in names if (inner := getattr(value, name)) not in ("", None)}
    if not isinstance(value, Child):
        values["at"] = value.at.isoformat()
    return {"type": type(value).__name__, **values}


def from_payload(payload: dict[str, Any]) -> Event | Child | Filing:
    """What waited.

    Raises:
        KeyError: an unknown type, written by a newer version.
    """
    kind = _TYPES[payload["type"]]
    values = {name: payload[name] for name in _FIELDS[kind] if name in payload}
    if "at" in values:
        values["at"] = datetime.fromisoformat(values["at"])
    return kind(**values)
