"""The barrier between tenants: what a user can see, as querysets that hold nothing else.

Every read of the web and the API starts from one of these, and every action looks its objects up in them, so that an id
of another tenant is simply not found. Whether he may change what he sees is `rights.py` among the actions. Behind this
barrier stands a second one in the database (`barrier.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.db.models import Q, QuerySet
from django.utils import timezone

from mailcenter.directory.barrier import beyond_barrier
from mailcenter.directory.models import (
    Alias,
    ApiKey,
    AppPassword,
    AuditEntry,
    Ban,
    Domain,
    LoginRecord,
    Mailbox,
    NetworkEntry,
    Organisation,
    RefusalReport,
    Role,
    SecondFactor,
    SenderEntry,
    User,
    WebSession,
)

NOTHING = 0
"""An id that no row has: identity columns start at 1. Used where None could be taken for `IS NULL`."""


@dataclass(frozen=True)
class Scope:
    """What is visible: all (`operator`), whole organisations, some domains of one, or one mailbox.

    `organisation_id`, his own, is set for all kinds but `operator`; `organisation_ids` for `organisation`, a reseller's
    with those of his customers; `domain_ids` for `domains`, and for `mailbox` its own; `mailbox_id` for `mailbox`.
    """

    kind: Literal["operator", "organisation", "domains", "mailbox"]
    organisation_id: int | None = None
    organisation_ids: frozenset[int] = frozenset()
    domain_ids: frozenset[int] = frozenset()
    mailbox_id: int | None = None
    user_id: int | None = None
    """Whose scope it is; None is root on the command line."""


OPERATOR = Scope("operator")
"""Root on the command line, and the platform itself."""


def scope_of(user: User) -> Scope:
    """What this user sees; nothing at all where he may not log in."""
    if not user.is_active:
        return Scope("mailbox", NOTHING, mailbox_id=NOTHING, user_id=NOTHING)
    if user.role in (Role.OPERATOR, Role.SUPPORT):
        return Scope("operator", user_id=user.pk)
    with beyond_barrier():
        return _tenant_scope(user)


def _tenant_scope(user: User) -> Scope:
    organisation_id = user.organisation_id or NOTHING
    own = frozenset({organisation_id})
    if user.role == Role.RESELLER:
        customers = Organisation.objects.filter(reseller_id=organisation_id).values_list("pk", flat=True)
        return Scope("organisation", organisation_id, own.union(customers), user_id=user.pk)
    if user.role == Role.DOMAIN_ADMIN:
        # A domain that went to another organisation stays in the restriction, so that its loss does not widen his view.
        restricted_to = dict(user.domains.values_list("pk", "organisation_id"))
        if restricted_to:
            domain_ids = frozenset(pk for pk, owner_id in restricted_to.items() if owner_id == organisation_id)
            return Scope("domains", organisation_id, domain_ids=domain_ids, user_id=user.pk)
        return Scope("organisation", organisation_id, own, user_id=user.pk)
    mailbox_id, domain_id = Mailbox.objects.filter(user=user).values_list("pk", "domain_id").first() or (
        NOTHING,
        NOTHING,
    )
    return Scope("mailbox", organisation_id, domain_ids=frozenset({domain_id}), mailbox_id=mailbox_id, user_id=user.pk)


def visible_organisations(scope: Scope) -> QuerySet[Organisation]:
    """Organisations in this scope."""
    if scope.kind == "operator":
        return Organisation.objects.all()
    if scope.kind == "organisation":
        return Organisation.objects.filter(pk__in=scope.organisation_ids)
    if scope.kind == "domains":
        return Organisation.objects.filter(pk=_known(scope.organisation_id))
    return Organisation.objects.none()


def visible_domains(scope: Scope) -> QuerySet[Domain]:
    """Domains in this scope; a mailbox owner has none."""
    return Domain.objects.filter(_in_domains(scope, "")).select_related("organisation")


def visible_mailboxes(scope: Scope) -> QuerySet[Mailbox]:
    """Mailboxes in this scope, with domain and owner."""
    if scope.kind == "mailbox":
        mailboxes = Mailbox.objects.filter(pk=_known(scope.mailbox_id))
    else:
        mailboxes = Mailbox.objects.filter(_in_domains(scope, "domain__"))
    return mailboxes.select_related("domain", "user", "usage")


def visible_aliases(scope: Scope) -> QuerySet[Alias]:
    """Aliases in this scope, with their domain and destinations; a mailbox owner has none."""
    return (
        Alias.objects.filter(_in_domains(scope, "domain__")).select_related("domain").prefetch_related("destinations")
    )


def visible_users(scope: Scope) -> QuerySet[User]:
    """Users in this scope: with a restriction to domains, the mailbox owners there and oneself."""
    users = User.objects.select_related("organisation")
    if scope.kind == "operator":
        return users
    if scope.kind == "organisation":
        return users.filter(organisation_id__in=scope.organisation_ids)
    oneself = Q(pk=_known(scope.user_id))
    if scope.kind == "domains":
        return users.filter(oneself | Q(role=Role.MAILBOX) & Q(mailbox__domain_id__in=scope.domain_ids))
    return users.filter(oneself)


def visible_api_keys(scope: Scope) -> QuerySet[ApiKey]:
    """All keys for the platform's people, otherwise one's own."""
    keys = ApiKey.objects.select_related("user")
    return keys if scope.kind == "operator" else keys.filter(user_id=_known(scope.user_id))


def visible_second_factors(scope: Scope) -> QuerySet[SecondFactor]:
    """All for the platform's people, otherwise one's own."""
    factors = SecondFactor.objects.select_related("user")
    return factors if scope.kind == "operator" else factors.filter(user_id=_known(scope.user_id))


def visible_sessions(scope: Scope) -> QuerySet[WebSession]:
    """Sessions in the center of the users in this scope that have not ended."""
    living = WebSession.objects.filter(expire_date__gt=timezone.now())
    return living.filter(user__in=visible_users(scope)).select_related("user")


def visible_app_passwords(scope: Scope) -> QuerySet[AppPassword]:
    """App passwords of the mailboxes in this scope."""
    rows = AppPassword.objects.select_related("mailbox__domain", "mailbox__user")
    if scope.kind == "mailbox":
        return rows.filter(mailbox_id=_known(scope.mailbox_id))
    return rows.filter(_in_domains(scope, "mailbox__domain__"))


def visible_sender_entries(scope: Scope) -> QuerySet[SenderEntry]:
    """Lists of senders of the domains and mailboxes in this scope; the platform's own are for the platform's people."""
    entries = SenderEntry.objects.select_related("domain", "mailbox__domain", "mailbox__user")
    if scope.kind == "operator":
        return entries
    if scope.kind == "mailbox":
        return entries.filter(mailbox_id=_known(scope.mailbox_id))
    return entries.filter(_in_domains(scope, "domain__") | _in_domains(scope, "mailbox__domain__"))


def visible_network_entries(scope: Scope) -> QuerySet[NetworkEntry]:
    """The list of client networks is for the platform's people."""
    return NetworkEntry.objects.all() if scope.kind == "operator" else NetworkEntry.objects.none()


def visible_bans(scope: Scope) -> QuerySet[Ban]:
    """Bans of client networks, those that are over too, are for the platform's people."""
    return Ban.objects.all() if scope.kind == "operator" else Ban.objects.none()


def visible_reports(scope: Scope) -> QuerySet[RefusalReport]:
    """Reports of postmasters elsewhere are for the platform's people: they may speak of any customer."""
    reports = RefusalReport.objects.select_related("handled_by")
    return reports if scope.kind == "operator" else reports.none()


def visible_logins(scope: Scope) -> QuerySet[LoginRecord]:
    """The history of logins: one's own, and all for the platform's people. Administrators see nobody's whereabouts."""
    logins = LoginRecord.objects.select_related("user")
    return logins if scope.kind == "operator" else logins.filter(user_id=_known(scope.user_id))


def visible_audit(scope: Scope) -> QuerySet[AuditEntry]:
    """The audit of the platform, or of what is visible: of the organisation, of some domains, of one mailbox.

    Oneself belongs to it, and what one did; by whom it was done does not matter otherwise.
    """
    entries = AuditEntry.objects.all()
    if scope.kind == "operator":
        return entries
    oneself = _known(scope.user_id)
    own = Q(acting_user_id=oneself) | Q(object_type="user", object_id=oneself)
    if scope.kind == "organisation":
        return entries.filter(own | Q(organisation_id__in=scope.organisation_ids))
    if scope.kind == "domains":
        return entries.filter(own | Q(domain_id__in=scope.domain_ids))
    return entries.filter(own | Q(mailbox_id=_known(scope.mailbox_id)))


def _known(row_id: int | None) -> int:
    """The id for a filter: Django would take None for `IS NULL`, which rows of nobody match."""
    return row_id or NOTHING


def _in_domains(scope: Scope, prefix: str) -> Q:
    """The condition on a domain (`prefix` leads to it) that holds for the domains in this scope."""
    if scope.kind == "operator":
        return Q()
    if scope.kind == "organisation":
        return Q(**{f"{prefix}organisation_id__in": scope.organisation_ids})
    if scope.kind == "domains":
        return Q(**{f"{prefix}pk__in": scope.domain_ids})
    return Q(pk__in=())
