"""`/ledger`: what became of each mail, as far as the key's user may know."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Path, Query, Router
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from mailcenter.actions import NotFoundError
from mailcenter.center.api.auth import ApiKeyAuth, KeyRequest
from mailcenter.center.api.values import Limit, Wanted
from mailcenter.ledger.queries import search
from mailcenter.ledger.queries import story as story_of
from mailcenter.ledger.story import Story

router = Router()
READ = ApiKeyAuth("ledger:read")

Key = Annotated[
    str, StringConstraints(max_length=64, pattern=r"^[0-9A-Za-z]+$"), Path(description="Reference or queue id.")
]


class RecipientOut(BaseModel):
    """One recipient and what became of the mail for him."""

    model_config = ConfigDict(from_attributes=True)

    address: str
    kind: str
    verdict: str
    outcome: str
    junk: bool
    treatment: str
    code: int
    enhanced: str
    reply: str
    rule: str
    folders: list[str]


class TransactionOut(BaseModel):
    """One SMTP transaction; `size` in bytes."""

    model_config = ConfigDict(from_attributes=True)

    reference: str
    node: str
    started_at: datetime
    ended_at: datetime
    service: str
    client_address: str
    client_name: str
    login: str
    mail_from: str
    header_from: str
    subject: str
    size: int
    score: float | None
    verdict: str
    code: int
    enhanced: str
    reply: str
    rule: str
    queue_id: str
    recipients: list[RecipientOut]
    outcome: str
    outcome_text: str


class Transactions(BaseModel):
    """A page, newest first; `next` goes into `before`."""

    items: list[TransactionOut]
    next: str | None


class StepOut(BaseModel):
    """One thing that happened."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    code: str
    text: str


class StoryOut(BaseModel):
    """The whole life of one transaction."""

    model_config = ConfigDict(from_attributes=True)

    summary: TransactionOut
    helo: str
    tls: str
    stage: str
    message_id: str
    facts: dict[str, Any]
    queue_ids: list[str]
    steps: list[StepOut]


@router.get("", response=Transactions, auth=READ, summary="Search the ledger")
def list_all(
    request: KeyRequest,
    *,
    text: Wanted = "",
    verdict: Literal["", "accept", "reject", "defer", "abort"] = "",
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    limit: Limit = 50,
    before: Annotated[str, Query(max_length=100, description="`next` of the page before.")] = "",
) -> dict[str, Any]:
    """`text`: address, `@domain`, client address, reference, queue id or words of the subject. Scope: `ledger:read`."""
    found = search(
        request.auth.scope,
        text=text,
        verdict=verdict,
        since=since,
        until=until,
        limit=limit + 1,
        before=before or None,
    )
    shown = found[:limit]
    items = [TransactionOut.model_validate(line) for line in shown]
    return {"items": items, "next": shown[-1].cursor if len(found) > limit else None}


@router.get("/{key}", response=StoryOut, auth=READ, summary="The story of one mail")
def story(request: KeyRequest, key: Key) -> Story:
    """By the reference in the server's reply or by queue id. Scope: `ledger:read`."""
    found = story_of(request.auth.scope, key)
    if found is None:
        raise NotFoundError("key", _("There is no such mail in the ledger."))
    return found
