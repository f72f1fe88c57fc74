"""Customers: created, renamed, removed by operators."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mailcenter.actions import values
from mailcenter.actions.base import UNSET, ActionError, Actor, Unset, apply, audit, found
from mailcenter.actions.rights import require_operator
from mailcenter.directory.models import Organisation
from mailcenter.directory.scope import visible_organisations


@transaction.atomic
def create_organisation(*, actor: Actor, name: str) -> Organisation:
    """Make a customer.

    Raises:
        ActionError: `name` is empty, too long or taken.
    """
    require_operator(actor)
    organisation = Organisation(name=values.text(name, "name", required=True))
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError:
        raise _name_taken() from None
    audit(actor, "organisation.create", organisation, {"name": organisation.name})
    return organisation


@transaction.atomic
def change_organisation(*, actor: Actor, organisation: Organisation, name: str | Unset = UNSET) -> Organisation:
    """Rename a customer."""
    organisation = found(visible_organisations(actor.scope), organisation, "organisation")
    require_operator(actor)
    try:
        with transaction.atomic():
            new_name = name if name is UNSET else values.text(name, "name", required=True)
            changes = apply(organisation, {"name": new_name})
    except IntegrityError:
        raise _name_taken() from None
    if changes:
        audit(actor, "organisation.change", organisation, changes)
    return organisation


@transaction.atomic
def remove_organisation(*, actor: Actor, organisation: Organisation) -> str:
    """Remove a customer who has neither domains nor users left; a message that says what was done."""
    organisation = found(visible_organisations(actor.scope), organisation, "organisation")
    require_operator(actor)
    if organisation.domains.exists():
        raise ActionError("organisation", _("This organisation still has domains; remove them first."))
    if organisation.users.exists():
        raise ActionError("organisation", _("This organisation still has users; remove them first."))
    audit(actor, "organisation.remove", organisation, {"name": organisation.name})
    organisation.delete()
    return _("Organisation %(name)s is removed.") % {"name": organisation.name}


def _name_taken() -> ActionError:
    return ActionError("name", _("There is already an organisation of this name."))
