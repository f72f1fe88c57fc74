"""The limits of organisations: whether one more domain, mailbox, alias or gigabyte fits, and nobody adds meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from mailcenter.actions.base import ActionError
from mailcenter.directory.barrier import beyond_barrier
from mailcenter.directory.models import Alias, Domain, Mailbox, Organisation

UNLIMITED = 0
"""As a mailbox's quota."""


@dataclass(frozen=True)
class Use:
    """What an organisation has, with its customers' together. `bytes_given`: the quotas' sum."""

    domains: int
    mailboxes: int
    aliases: int
    bytes_given: int
    mailboxes_without_quota: int


def use_of(organisation: Organisation) -> Use:
    """Counted now."""
    members = Q(organisation=organisation) | Q(organisation__reseller=organisation)
    below = Q(domain__organisation=organisation) | Q(domain__organisation__reseller=organisation)
    mailboxes = Mailbox.objects.filter(below)
    return Use(
        domains=Domain.objects.filter(members).count(),
        mailboxes=mailboxes.count(),
        aliases=Alias.objects.filter(below).count(),
        bytes_given=mailboxes.aggregate(total=Sum("quota_bytes"))["total"] or 0,
        mailboxes_without_quota=mailboxes.filter(quota_bytes=UNLIMITED).count(),
    )


def storage_limit(organisation: Organisation) -> int | None:
    """Bytes that may be given out as quotas, or None."""
    if organisation.most_bytes is None:
        return None
    return int(organisation.most_bytes * settings.MAILCENTER.limits.overcommit)


def make_room(
    organisation: Organisation,
    *,
    domains: int = 0,
    mailboxes: int = 0,
    aliases: int = 0,
    quota: tuple[int, int] | None = None,
    field: str,
) -> None:
    """See that so many more fit into the organisation and into its reseller's.

    Both stay locked until the transaction ends, so that two who add at the same time come one after the other.

    Args:
        quota: a mailbox's before and after, in bytes.

    Raises:
        ActionError: a limit would be exceeded.
    """
    with beyond_barrier():  # the reseller's limit is for all his customers together
        for holder, use in _locked(organisation):
            wanted = (
                (domains, use.domains, holder.most_domains, _("domains")),
                (mailboxes, use.mailboxes, holder.most_mailboxes, _("mailboxes")),
                (aliases, use.aliases, holder.most_aliases, _("aliases")),
            )
            # A customer is not told who his reseller is.
            name = holder.name if holder.pk == organisation.pk else _("Your provider's contract")
            for more, has, most, kind in wanted:
                if more and most is not None and has + more > most:
                    words = _("%(holder)s may have %(most)d %(kind)s at the most and has %(has)d.")
                    raise ActionError(field, words % {"holder": name, "most": most, "kind": kind, "has": has})
            if quota is not None:
                _refuse_storage(use.bytes_given, storage_limit(holder), quota, name)


def _locked(organisation: Organisation) -> Iterator[tuple[Organisation, Use]]:
    """The organisation and its reseller's as far as they have limits, locked, with what they have."""
    own = Q(pk=organisation.pk) | Q(customers=organisation.pk)
    ids = list(Organisation.objects.filter(own).values_list("pk", flat=True))
    # Always in the order of their ids, so that no two wait for each other.
    for holder in Organisation.objects.filter(pk__in=ids).order_by("pk").select_for_update():
        if (holder.most_domains, holder.most_mailboxes, holder.most_aliases, holder.most_bytes) != (None,) * 4:
            yield holder, use_of(holder)


def _refuse_storage(given: int, limit: int | None, quota: tuple[int, int], name: str) -> None:
    before, after = quota
    if limit is None or UNLIMITED < after <= before:
        return
    if after == UNLIMITED:
        words = _("A quota must be set: the storage of %(holder)s is limited.")
        raise ActionError("quota_bytes", words % {"holder": name})
    if given - before + after > limit:
        left = max(0, limit - given + before) // 2**20
        words = _("%(holder)s has %(left)s MB of storage left to give out.")
        raise ActionError("quota_bytes", words % {"holder": name, "left": left})
