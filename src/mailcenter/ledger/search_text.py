"""Turn what a person typed into the search field into a condition on transactions, by the index that fits."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import ip_address

from django.db.models import Exists, OuterRef, Q

from mailcenter.directory.scope import Scope
from mailcenter.ledger.models import QueueId, Recipient
from mailcenter.ledger.visibility import received_in, sent_in
from mailcenter.mail.address import AddressError, parse_address
from mailcenter.mail.reference import normalise_reference


def matching(text: str, scope: Scope) -> Q:
    """The condition for `text`; several readings of it are joined by or.

    Recipients that the scope may not see do not match either: a search must not tell who else got a mail.
    """
    try:
        return Q(client_address=str(ip_address(text.strip("[]"))))
    except ValueError:
        pass  # no IP address: another reading applies
    if text.startswith("<") and text.endswith(">") and "@" in text:
        return Q(message_id__in=(text, text.strip("<>"))) | _address(text.strip("<>"), scope)
    if text.startswith("@"):
        return Q(mail_from__iendswith=text) | _recipient(Q(address__iendswith=text), scope)
    if "@" in text:
        return _address(text, scope)
    words = Q(subject__icontains=text) | Q(mail_from__icontains=text) | _recipient(Q(address__icontains=text), scope)
    reference = normalise_reference(text)
    if reference:
        words |= Q(reference=reference)
    if text.isalnum():
        words |= Q(Exists(QueueId.objects.filter(_same(), queue_id=text)))
    return words


def _address(address: str, scope: Scope) -> Q:
    forms = {address}
    with suppress(AddressError):
        parsed = parse_address(address)
        forms |= {str(parsed), parsed.unicode}
    condition = Q()
    for form in forms:
        condition |= Q(mail_from__iexact=form) | _recipient(Q(address__iexact=form), scope)
    return condition


def _recipient(condition: Q, scope: Scope) -> Q:
    recipients = Recipient.objects.filter(_same()).filter(condition)
    if scope.kind == "operator":
        return Q(Exists(recipients))
    return Q(Exists(recipients.filter(received_in(scope)))) | sent_in(scope) & Q(Exists(recipients))


def _same() -> Q:
    return Q(started_at=OuterRef("started_at"), reference=OuterRef("reference"))
