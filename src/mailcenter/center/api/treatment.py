"""`/domains/ID/treatment` and `/mailboxes/ID/treatment`: what becomes of suspicious mail."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.db import transaction
from ninja import Router
from pydantic import BaseModel, Field

from mailcenter.actions.treatment import change_attachments, change_treatment
from mailcenter.center.api.auth import ApiKeyAuth, KeyRequest
from mailcenter.center.api.values import Id, Input, Line, seen
from mailcenter.directory.plain_gate import plain_treatment
from mailcenter.directory.scope import visible_domains, visible_mailboxes

router = Router()

SpamAction = Literal["junk", "mark", "forward", "nothing"]
Archives = Literal["accept", "refuse"]
ATTACHMENTS = {"blocked_extensions", "encrypted_archives"}


class TreatmentOut(BaseModel):
    """Null: as the domain says, and where that says nothing, as the platform."""

    junk_score: float | None
    refuse_score: float | None
    spam_action: str | None
    spam_forward_to: str | None
    notices: bool | None


class DomainTreatmentOut(TreatmentOut):
    """With what is refused as attachment: null is the platform's list."""

    blocked_extensions: list[str] | None
    encrypted_archives: str | None


class TreatmentChange(Input):
    """What may be changed."""

    junk_score: float | None = None
    refuse_score: float | None = None
    spam_action: SpamAction | None = None
    spam_forward_to: Line | None = None
    notices: bool | None = None


class DomainTreatmentChange(TreatmentChange):
    """With attachments; extensions without the dot."""

    blocked_extensions: Annotated[list[Line], Field(max_length=500)] | None = None
    encrypted_archives: Archives | None = None


@router.get(
    "/domains/{domain_id}/treatment",
    response=DomainTreatmentOut,
    auth=ApiKeyAuth("domains:read"),
    summary="How a domain treats suspicious mail",
)
def show_domain(request: KeyRequest, domain_id: Id) -> dict[str, Any]:
    """Scope: `domains:read`."""
    return plain_treatment(seen(visible_domains(request.auth.scope), domain_id, "domain_id"))


@router.patch(
    "/domains/{domain_id}/treatment",
    response=DomainTreatmentOut,
    auth=ApiKeyAuth("domains:write"),
    summary="Change how a domain treats suspicious mail",
)
def change_domain(request: KeyRequest, domain_id: Id, body: DomainTreatmentChange) -> dict[str, Any]:
    """Scope: `domains:write`."""
    domain = seen(visible_domains(request.auth.scope), domain_id, "domain_id")
    changes = body.model_dump(exclude_unset=True)
    attachments = {name: changes.pop(name) for name in ATTACHMENTS & changes.keys()}
    with transaction.atomic():
        change_treatment(actor=request.auth.actor, place=domain, **changes)
        change_attachments(actor=request.auth.actor, domain=domain, **attachments)
    return plain_treatment(seen(visible_domains(request.auth.scope), domain_id, "domain_id"))


@router.get(
    "/mailboxes/{mailbox_id}/treatment",
    response=TreatmentOut,
    auth=ApiKeyAuth("mailboxes:read"),
    summary="How a mailbox treats suspicious mail",
)
def show_mailbox(request: KeyRequest, mailbox_id: Id) -> dict[str, Any]:
    """Scope: `mailboxes:read`."""
    return plain_treatment(seen(visible_mailboxes(request.auth.scope), mailbox_id, "mailbox_id"))


@router.patch(
    "/mailboxes/{mailbox_id}/treatment",
    response=TreatmentOut,
    auth=ApiKeyAuth("mailboxes:write"),
    summary="Change how a mailbox treats suspicious mail",
)
def change_mailbox(request: KeyRequest, mailbox_id: Id, body: TreatmentChange) -> dict[str, Any]:
    """Its owner may do so, too. Scope: `mailboxes:write`."""
    mailbox = seen(visible_mailboxes(request.auth.scope), mailbox_id, "mailbox_id")
    changes = body.model_dump(exclude_unset=True)
    return plain_treatment(change_treatment(actor=request.auth.actor, place=mailbox, **changes))
