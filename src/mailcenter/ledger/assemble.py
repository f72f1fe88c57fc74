"""Put rows of the ledger together to summaries and stories, leaving out what the reader may not know.

A reader who only sent the mail learns whether it arrived, yet not the folders, aliases and rules of other people's
recipients. A reader who only received it sees his own recipients and nothing of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mailcenter.ledger.events import LOCAL_RELAY
from mailcenter.ledger.models import Event, Notice, QueueId, Recipient, Transaction
from mailcenter.ledger.outcome import events_of, folded, recipient_outcome, transaction_outcome
from mailcenter.ledger.story import RecipientState, Step, Story, Summary


@dataclass(frozen=True)
class Rows:
    """All rows of one transaction. `owns` says whether a recipient is the reader's, `sent` whether the mail is.

    `recipients` are those he may see at all.
    """

    transaction: Transaction
    recipients: Sequence[Recipient]
    events: Sequence[Event]
    queue_ids: Sequence[QueueId]
    owns: Callable[[Recipient], bool]
    sent: bool
    everything: bool
    notices: Sequence[Notice] = ()

    @property
    def own_queue_ids(self) -> frozenset[str]:
        children = {row.queue_id for row in self.queue_ids if row.relation == "requeue"}
        return frozenset({self.transaction.queue_id} | children) - {""}


def summary(rows: Rows) -> Summary:
    """One line of a list."""
    transaction = rows.transaction
    recipients = tuple(_recipient_state(rows, recipient) for recipient in rows.recipients)
    outcome = transaction_outcome(
        transaction.verdict, [(recipient.verdict, recipient.outcome) for recipient in recipients]
    )
    return Summary(
        reference=transaction.reference,
        node=transaction.node,
        started_at=transaction.started_at,
        ended_at=transaction.ended_at,
        service=transaction.service,
        client_address=transaction.client_address or "",
        client_name=transaction.client_name,
        login=transaction.login,
        mail_from=transaction.mail_from,
        header_from=transaction.header_from,
        subject=transaction.subject,
        size=transaction.size,
        score=transaction.score,
        verdict=transaction.verdict,
        code=transaction.code,
        enhanced=transaction.enhanced,
        reply=transaction.reply,
        rule=transaction.rule,
        queue_id=transaction.queue_id,
        recipients=recipients,
        outcome=outcome,
    )


def _recipient_state(rows: Rows, recipient: Recipient) -> RecipientState:
    events = events_of(recipient.address, rows.events, rows.own_queue_ids)
    owned = rows.everything or rows.owns(recipient)
    outcome = recipient_outcome(recipient.verdict, events)
    if recipient.verdict == "accept" and rows.transaction.verdict != "accept":
        # Accepted at RCPT TO, but the mail as a whole was not: that is what became of it for him.
        outcome = transaction_outcome(rows.transaction.verdict, ())
    folders = dict.fromkeys(event.folder for event in events if isinstance(event, Event) and event.folder)
    return RecipientState(
        address=recipient.address,
        kind=recipient.kind,
        verdict=recipient.verdict,
        outcome=outcome,
        junk=recipient.junk,
        treatment=recipient.treatment,
        code=recipient.code,
        enhanced=recipient.enhanced,
        reply=recipient.reply,
        rule=recipient.rule,
        folders=tuple(folders) if owned else (),
    )


def story(rows: Rows) -> Story:
    """Everything the reader may know about one transaction."""
    transaction = rows.transaction
    steps = [*_dialogue(rows), *_afterwards(rows), *_told(rows)]
    return Story(
        summary=summary(rows),
        helo=transaction.helo,
        tls=transaction.tls,
        stage=transaction.stage,
        message_id=transaction.message_id,
        facts=_facts(rows),
        queue_ids=_queue_ids(rows),
        steps=tuple(steps),
    )


def _facts(rows: Rows) -> dict[str, Any]:
    """`log` is what a reply did not say because it is ours alone (`mail.reply.Reply`)."""
    facts: dict[str, Any] = rows.transaction.facts
    return facts if rows.everything else {name: fact for name, fact in facts.items() if name != "log"}


def _queue_ids(rows: Rows) -> tuple[str, ...]:
    children = [row.queue_id for row in rows.queue_ids if rows.everything or row.queue_id in rows.own_queue_ids]
    return tuple(dict.fromkeys(filter(None, [rows.transaction.queue_id, *children])))


def _dialogue(rows: Rows) -> Iterator[Step]:
    transaction = rows.transaction
    began, ended = transaction.started_at, transaction.ended_at
    if transaction.service == "local":
        yield Step(began, "made_here")
    else:
        name = transaction.client_name or "unknown"
        client = f"{name} [{transaction.client_address or '?'}]"
        params = {"client": client, "helo": transaction.helo or "?", "tls": transaction.tls}
        yield Step(began, "connected_tls" if transaction.tls else "connected", params)
    if transaction.login:
        yield Step(began, "logged_in", {"login": transaction.login})
    if transaction.stage in ("rcpt", "data", "eom") or transaction.mail_from:
        yield Step(began, "sender", {"mail_from": f"<{transaction.mail_from}>"})
    content_judged = transaction.stage in ("data", "eom") and transaction.verdict != "accept"
    for recipient in rows.recipients:
        code = {"accept": "accepted", "reject": "refused"}.get(recipient.verdict, "postponed")
        if content_judged and recipient.rule == transaction.rule:
            code = "accepted"  # at RCPT TO he was; the refusal of the whole message is told below
        decided = {"address": recipient.address, "code": recipient.code, "reply": recipient.reply}
        yield Step(began, f"recipient_{code}", decided)
    code = {"accept": "accepted", "reject": "refused", "defer": "postponed", "abort": "aborted"}[transaction.verdict]
    # Where the mail was refused because of its recipients, their refusals have told it already.
    told = any(
        recipient.reply and recipient.verdict == transaction.verdict and recipient.reply in transaction.reply
        for recipient in rows.recipients
        if not (content_judged and recipient.rule == transaction.rule)
    )
    if transaction.verdict == "accept" or not told:
        yield Step(ended, code, {"code": transaction.code, "reply": transaction.reply})


def _afterwards(rows: Rows) -> Iterator[Step]:
    relation = {row.queue_id: row.relation for row in rows.queue_ids}
    visible = {folded(recipient.address): rows.everything or rows.owns(recipient) for recipient in rows.recipients}
    failed_visibly = any(event.kind in ("bounced", "expired") for event in _visible_events(rows, visible, relation))
    redirected_by_own = {
        folded(event.final_recipient)
        for event in rows.events
        if event.kind == "redirected" and visible.get(folded(event.recipient))
    }
    seen_queued: set[str] = set()
    for event in rows.events:
        came_as = relation.get(event.queue_id, "")
        if event.kind == "queued":
            if event.queue_id in seen_queued or came_as in ("bounce", "notice", "redirect"):
                continue
            seen_queued.add(event.queue_id)
        if came_as in ("bounce", "notice") or event.kind in ("bounce-sent", "notified"):
            allowed = rows.everything or rows.sent or failed_visibly
        elif came_as == "redirect":
            allowed = rows.everything or (event.recipient != "" and folded(event.recipient) in redirected_by_own)
        else:
            allowed = rows.everything or not event.recipient or folded(event.recipient) in visible
        if event.kind == "refused" and rows.transaction.verdict != "accept":
            continue  # the log's echo of our own refusal
        if allowed:
            owned = rows.everything or bool(visible.get(folded(event.recipient), came_as != ""))
            step = _step(event, came_as, owned=owned)
            if step:
                yield step


def _told(rows: Rows) -> Iterator[Step]:
    """That the readers of refused recipients were told, to whom these recipients belong."""
    own = {folded(recipient.address) for recipient in rows.recipients if rows.everything or rows.owns(recipient)}
    for notice in rows.notices:
        code = {"sent": "recipient_told", "failed": "recipient_not_told"}.get(notice.state)
        if code is not None and folded(notice.address) in own:
            yield Step(notice.changed_at, code, {"address": notice.address})


def _visible_events(rows: Rows, visible: dict[str, bool], relation: dict[str, str]) -> Iterable[Event]:
    return (
        event
        for event in rows.events
        if not relation.get(event.queue_id) and (not event.recipient or folded(event.recipient) in visible)
    )


_PLAIN = {
    "queued": "queued",
    "deferred": "deferred",
    "bounced": "bounced",
    "expired": "expired",
    "replied": "replied",
    "refused": "not_taken",
    "bounce-sent": "bounce_sent",
    "notified": "notified",
}


def _step(event: Event, came_as: str, *, owned: bool) -> Step | None:
    """The sentence of one event; without folders, aliases and their targets where the recipient is another's."""
    recipient = event.final_recipient if owned and event.final_recipient else event.recipient
    params: dict[str, Any] = {
        "recipient": recipient,
        "final_recipient": event.final_recipient,
        "queue_id": event.queue_id,
        "relay": event.relay,
        "text": event.text,
        "folder": event.folder,
    }
    if came_as in ("bounce", "notice"):
        code = {"delivered": "bounce_delivered", "bounced": "bounce_undelivered"}.get(event.kind)
    elif event.kind == "delivered" and event.relay != LOCAL_RELAY:
        code = "relayed"
    elif event.kind == "delivered":
        code = "delivered_folder" if owned and event.folder else "delivered"
    elif event.kind == "redirected":
        params["recipient"] = event.recipient
        code = "redirected" if owned else "redirected_hidden"
    elif event.kind == "discarded":
        code = "discarded" if event.recipient else "discarded_queue"
    elif event.kind == "removed":
        code = None if came_as else "removed"
    else:
        code = _PLAIN[event.kind]
        params["recipient"] = event.recipient if event.kind == "replied" else recipient
    if code is None:
        return None
    if not owned:
        params |= {"folder": "", "final_recipient": ""}
    return Step(event.at, code, params)
