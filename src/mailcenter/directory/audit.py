"""Search in the audit: by time, by who did it, by what it was done to. The scope comes first."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from mailcenter.directory.models import AuditEntry
from mailcenter.directory.scope import Scope, visible_audit

LARGEST_ID = 2**63 - 1


def search_audit(
    scope: Scope,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    actor: str = "",
    thing: str = "",
    before: int = LARGEST_ID,
) -> QuerySet[AuditEntry]:
    """What is visible in this scope, the newest first.

    Args:
        since, until: moments; `until` is not included.
        actor: part of the login of who did it, or of who was signed in as him.
        thing: part of the name of what it was done to, or the kind of thing with its id: `mailbox:17`.
        before: only entries with a lower id: the last one of the page before.
    """
    rows = visible_audit(scope).filter(pk__lt=before)
    if since:
        rows = rows.filter(at__gte=since)
    if until:
        rows = rows.filter(at__lt=until)
    if actor:
        rows = rows.filter(Q(acting_login__icontains=actor) | Q(behind_login__icontains=actor))
    kind, _colon, number = thing.partition(":")
    if number.isascii() and number.isdigit() and len(number) < 19:  # a bigint has up to 19 digits
        rows = rows.filter(object_type=kind, object_id=int(number))
    elif thing:
        rows = rows.filter(object_name__icontains=thing)
    return rows.order_by("-pk")
