"""Whom a thing belongs to: what the audit notes beside each deed, so that each customer can read his own."""

from __future__ import annotations

from django.db import models

from mailcenter.directory.models import Alias, Domain, Mailbox, Organisation, SenderEntry, User


def place_of(row: models.Model) -> dict[str, int | None]:
    """`organisation_id`, `domain_id` and `mailbox_id` of a thing, as far as it belongs to one."""
    place: dict[str, int | None] = {}
    match row:
        case Organisation():
            place = {"organisation_id": row.pk}
        case Domain():
            place = {"organisation_id": row.organisation_id, "domain_id": row.pk}
        case Alias():
            place = place_of(row.domain)
        case Mailbox():
            place = {**place_of(row.domain), "mailbox_id": row.pk}
        case SenderEntry():
            owner = row.mailbox or row.domain
            place = place_of(owner) if owner else place
        case User():
            mailbox = Mailbox.objects.filter(user=row).select_related("domain").first()
            place = place_of(mailbox) if mailbox else {"organisation_id": row.organisation_id}
        case _:
            owner = getattr(row, "mailbox", None) or getattr(row, "user", None)
            place = place_of(owner) if isinstance(owner, User | Mailbox) else place
    return place
