"""Which rows of the ledger a scope may see: conditions for queries, the ledger's side of the barrier between tenants.

The ids in the ledger are those of the directory when the mail came, so a later owner of an address sees nothing old.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from mailcenter.directory.scope import Scope
from mailcenter.ledger.models import Recipient, Transaction


def _in_scope(scope: Scope) -> Q:
    """The condition on organisation_id, domain_id and mailbox_id, which recipients and transactions both have."""
    if scope.kind == "operator":
        return Q()
    if scope.kind == "organisation" and scope.organisation_ids:
        return Q(organisation_id__in=scope.organisation_ids)
    if scope.kind == "domains" and scope.domain_ids:
        return Q(domain_id__in=scope.domain_ids, organisation_id=scope.organisation_id)
    if scope.kind == "mailbox" and scope.mailbox_id:
        return Q(mailbox_id=scope.mailbox_id)
    return Q(reference__in=())


def received_in(scope: Scope) -> Q:
    """Recipients (model `Recipient`) that belong to the scope."""
    return _in_scope(scope)


def sent_in(scope: Scope) -> Q:
    """Transactions (model `Transaction`) whose authenticated sender belongs to the scope."""
    return _in_scope(scope)


def visible(scope: Scope) -> Q:
    """Transactions that the scope sent or received."""
    if scope.kind == "operator":
        return Q()
    received = Recipient.objects.filter(
        received_in(scope), started_at=OuterRef("started_at"), reference=OuterRef("reference")
    )
    return sent_in(scope) | Q(Exists(received))


def owns(scope: Scope, row: Recipient | Transaction) -> bool:
    """The same condition for a row that was read already."""
    if scope.kind == "operator":
        return True
    if scope.kind == "organisation":
        return row.organisation_id in scope.organisation_ids
    if scope.kind == "domains":
        return row.domain_id in scope.domain_ids and row.organisation_id == scope.organisation_id
    return bool(scope.mailbox_id) and row.mailbox_id == scope.mailbox_id
