"""What all actions share: who acts, how a deed is refused, how its object is found, and the audit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, Literal, TypeVar

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mailcenter.directory.models import Alias, AuditEntry, Domain, Mailbox, Organisation, SenderEntry, User
from mailcenter.directory.scope import OPERATOR, Scope, scope_of

M = TypeVar("M", bound=models.Model)
Changes = dict[str, Any]


class Unset(Enum):
    """Stands for an argument that was not given, where None or the empty text mean something."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


class ActionError(Exception):
    """The deed is refused and nothing was changed.

    `message` is for the user, in his language; `field` is the argument at fault, empty where it is none.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class NotFoundError(ActionError):
    """There is no such object for this actor: it does not exist, or it is another tenant's."""


class NotAllowedError(ActionError):
    """The actor sees the object, but this deed is for others."""


@dataclass(frozen=True)
class Actor:
    """Who acts, and by which door. Without a user: root on the command line, or the platform itself."""

    user: User | None
    via: Literal["web", "api", "cli", "system"]

    def __post_init__(self) -> None:
        if self.user is None and self.via in ("web", "api"):
            raise ValueError(f"nobody cannot act via {self.via}")

    @property
    def scope(self) -> Scope:
        """What he sees at this moment."""
        return OPERATOR if self.user is None else scope_of(self.user)


def found(visible: QuerySet[M], wanted: M, field: str) -> M:
    """The object as it is in the database now, locked until the deed is done.

    Raises:
        NotFoundError: it is not among what the actor sees.
    """
    row = visible.filter(pk=wanted.pk).select_for_update(of=("self",)).first()
    if row is None:
        raise NotFoundError(field, _("There is no such object."))
    return row


def apply(row: models.Model, values: dict[str, Any]) -> Changes:
    """Set the given values (those that are not UNSET) and save what differs; what changed, as `{field: [old, new]}`."""
    changes: Changes = {}
    for name, value in values.items():
        if value is UNSET or (old := getattr(row, name)) == value:
            continue
        setattr(row, name, value)
        changes[name] = [old, value]
    if changes:
        row.save(update_fields=list(changes))
    return changes


def audit(actor: Actor, action: str, row: models.Model, changes: Changes) -> None:
    """Write down a deed. Never give it a password or a key's secret."""
    name = str(getattr(row, "address", row))
    _write(actor, action, (row._meta.model_name or "", row.pk, name), _organisation_id(row), changes)


def audit_named(actor: Actor, action: str, kind: str, name: str, changes: Changes) -> None:
    """Write down a deed on what stands in no table of the directory: a network, say."""
    _write(actor, action, (kind, 0, name), None, changes)


def _write(
    actor: Actor, action: str, thing: tuple[str, int, str], organisation_id: int | None, changes: Changes
) -> None:
    object_type, object_id, object_name = thing
    AuditEntry.objects.create(
        acting_user=actor.user,
        acting_login=actor.user.login if actor.user else "",
        via=actor.via,
        action=action,
        object_type=object_type,
        object_id=object_id,
        object_name=object_name,
        organisation_id=organisation_id,
        changes=changes,
    )


def _organisation_id(row: models.Model) -> int | None:
    if isinstance(row, Organisation):
        return row.pk
    if isinstance(row, Domain | User):
        return row.organisation_id
    if isinstance(row, Mailbox | Alias):
        return row.domain.organisation_id
    if isinstance(row, SenderEntry):
        place = row.mailbox or row.domain
        return _organisation_id(place) if place else None
    mailbox = getattr(row, "mailbox", None)
    if isinstance(mailbox, Mailbox):
        return mailbox.domain.organisation_id
    owner = getattr(row, "user", None)
    return owner.organisation_id if isinstance(owner, User) else None
