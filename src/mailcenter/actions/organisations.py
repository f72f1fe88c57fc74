"""Customers: created, changed, limited, removed by operators, and by resellers if they are theirs."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mailcenter.actions import values
from mailcenter.actions.base import UNSET, ActionError, Actor, NotAllowedError, Unset, apply, audit, found
from mailcenter.actions.rights import is_operator, require_organisation_manager
from mailcenter.directory.barrier import beyond_barrier
from mailcenter.directory.models import Organisation
from mailcenter.directory.scope import visible_organisations


@transaction.atomic
def create_organisation(
    *,
    actor: Actor,
    name: str,
    reseller: Organisation | None = None,
    most_domains: int | None = None,
    most_mailboxes: int | None = None,
    most_aliases: int | None = None,
    most_bytes: int | None = None,
) -> Organisation:
    """Make a customer; `reseller` is the organisation that manages him. A reseller's new customer is his own.

    The limits: None is none.

    Raises:
        ActionError: `name` is empty, too long or taken, or an argument is at fault.
    """
    require_organisation_manager(actor)
    organisation = Organisation(
        name=values.text(name, "name", required=True),
        reseller=_reseller_for(actor, reseller),
        most_domains=values.most(most_domains, "most_domains"),
        most_mailboxes=values.most(most_mailboxes, "most_mailboxes"),
        most_aliases=values.most(most_aliases, "most_aliases"),
        most_bytes=values.most_bytes(most_bytes, "most_bytes"),
    )
    try:
        with beyond_barrier(), transaction.atomic():  # a reseller's new customer is not yet among those he sees
            organisation.save()
    except IntegrityError:
        raise _name_taken() from None
    given = {"name": organisation.name, "reseller": organisation.reseller.name if organisation.reseller else None}
    audit(actor, "organisation.create", organisation, given | _limits(organisation))
    return organisation


@transaction.atomic
def change_organisation(
    *,
    actor: Actor,
    organisation: Organisation,
    name: str | Unset = UNSET,
    most_domains: int | Unset | None = UNSET,
    most_mailboxes: int | Unset | None = UNSET,
    most_aliases: int | Unset | None = UNSET,
    most_bytes: int | Unset | None = UNSET,
) -> Organisation:
    """Rename a customer, or set his limits (None: none). What he has already stays, even if it is more."""
    organisation = found(visible_organisations(actor.scope), organisation, "organisation")
    _require_manager_of(actor, organisation)
    limits = {
        "most_domains": most_domains if most_domains is UNSET else values.most(most_domains, "most_domains"),
        "most_mailboxes": most_mailboxes if most_mailboxes is UNSET else values.most(most_mailboxes, "most_mailboxes"),
        "most_aliases": most_aliases if most_aliases is UNSET else values.most(most_aliases, "most_aliases"),
        "most_bytes": most_bytes if most_bytes is UNSET else values.most_bytes(most_bytes, "most_bytes"),
    }
    try:
        with transaction.atomic():
            new_name = name if name is UNSET else values.text(name, "name", required=True)
            changes = apply(organisation, {"name": new_name, **limits})
    except IntegrityError:
        raise _name_taken() from None
    if changes:
        audit(actor, "organisation.change", organisation, changes)
    return organisation


@transaction.atomic
def remove_organisation(*, actor: Actor, organisation: Organisation) -> str:
    """Remove a customer who has neither domains nor users left; a message that says what was done."""
    organisation = found(visible_organisations(actor.scope), organisation, "organisation")
    _require_manager_of(actor, organisation)
    if organisation.domains.exists():
        raise ActionError("organisation", _("This organisation still has domains; remove them first."))
    if organisation.users.exists():
        raise ActionError("organisation", _("This organisation still has users; remove them first."))
    if organisation.customers.exists():
        raise ActionError("organisation", _("This organisation still has customers; remove them first."))
    audit(actor, "organisation.remove", organisation, {"name": organisation.name})
    organisation.delete()
    return _("Organisation %(name)s is removed.") % {"name": organisation.name}


def _require_manager_of(actor: Actor, organisation: Organisation) -> None:
    """A reseller manages his customers, but not his own organisation: nobody sets his own limits."""
    require_organisation_manager(actor, "organisation")
    if not is_operator(actor) and actor.user is not None and organisation.pk == actor.user.organisation_id:
        raise NotAllowedError("organisation", _("Only an operator may change your own organisation."))


def _reseller_for(actor: Actor, wanted: Organisation | None) -> Organisation | None:
    """A reseller's own organisation; for an operator the one he names. Customers have no customers."""
    if wanted is None and not is_operator(actor) and actor.user is not None:
        wanted = actor.user.organisation
    if wanted is None:
        return None
    reseller = found(visible_organisations(actor.scope), wanted, "reseller")
    if reseller.reseller_id is not None:
        raise ActionError("reseller", _("%(name)s is a customer itself.") % {"name": reseller.name})
    return reseller


def _limits(organisation: Organisation) -> dict[str, int]:
    """Those that are set."""
    names = ("most_domains", "most_mailboxes", "most_aliases", "most_bytes")
    return {name: value for name in names if (value := getattr(organisation, name)) is not None}


def _name_taken() -> ActionError:
    return ActionError("name", _("There is already an organisation of this name."))
