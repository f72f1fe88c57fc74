"""Lists of senders: each owner's own, those of a domain, and the platform's."""

from __future__ import annotations

from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mailcenter.actions import values
from mailcenter.actions.base import UNSET, ActionError, Actor, Unset, apply, audit, found
from mailcenter.actions.rights import is_oneself, require_manager, require_operator
from mailcenter.directory.models import Domain, Mailbox, SenderAction, SenderEntry, SenderKind
from mailcenter.directory.scope import visible_domains, visible_mailboxes, visible_sender_entries

MOST_ENTRIES: Final = 1000
"""Of one mailbox or one domain."""
SUBDOMAINS: Final = "*."
"""Stands before a domain whose subdomains are meant as well."""


@transaction.atomic
def create_sender(
    *, actor: Actor, sender: str, action: str, place: Domain | Mailbox | None = None, note: str = ""
) -> SenderEntry:
    """Put a sender on the list of a mailbox, of a domain, or (without a place) of the platform.

    `sender`: `who@example.com`, `example.com`, or `*.example.com` for the domain with its subdomains.

    Raises:
        ActionError: naming the argument at fault.
    """
    entry = SenderEntry(action=_action(action), note=values.text(note, "note"))
    if isinstance(place, Domain):
        entry.domain = found(visible_domains(actor.scope), place, "place")
    elif isinstance(place, Mailbox):
        entry.mailbox = found(visible_mailboxes(actor.scope), place, "place")
    _require_right(actor, entry, "place")
    entry.kind, entry.pattern = _pattern(sender)
    if place is not None and place.sender_entries.count() >= MOST_ENTRIES:
        raise ActionError("sender", _("The list is full: it has %(most)d entries.") % {"most": MOST_ENTRIES})
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError:
        raise ActionError("sender", _("%(sender)s is on the list already.") % {"sender": sender.strip()}) from None
    audit(actor, "sender.create", entry, {"action": entry.action, "kind": entry.kind, "pattern": entry.pattern})
    return entry


@transaction.atomic
def change_sender(
    *, actor: Actor, entry: SenderEntry, action: str | Unset = UNSET, note: str | Unset = UNSET
) -> SenderEntry:
    """Change what becomes of a sender's mail."""
    entry = found(visible_sender_entries(actor.scope), entry, "entry")
    _require_right(actor, entry, "entry")
    changes = apply(
        entry,
        {
            "action": action if action is UNSET else _action(action),
            "note": note if note is UNSET else values.text(note, "note"),
        },
    )
    if changes:
        audit(actor, "sender.change", entry, changes)
    return entry


@transaction.atomic
def remove_sender(*, actor: Actor, entry: SenderEntry) -> str:
    """Take a sender off a list; a message that says what was done."""
    entry = found(visible_sender_entries(actor.scope), entry, "entry")
    _require_right(actor, entry, "entry")
    audit(actor, "sender.remove", entry, {"action": entry.action, "kind": entry.kind, "pattern": entry.pattern})
    entry.delete()
    return _("%(sender)s is off the list.") % {"sender": written(entry)}


def written(entry: SenderEntry) -> str:
    """The entry as people write it."""
    return f"{SUBDOMAINS if entry.kind == SenderKind.SUBDOMAINS else ''}{entry.pattern}"


def _require_right(actor: Actor, entry: SenderEntry, field: str) -> None:
    if entry.mailbox is not None:
        if not is_oneself(actor, entry.mailbox.user):
            require_manager(actor, field)
    elif entry.domain is not None:
        require_manager(actor, field)
    else:
        require_operator(actor, field)


def _pattern(sender: str) -> tuple[SenderKind, str]:
    text = sender.strip()
    if text.startswith(SUBDOMAINS):
        return SenderKind.SUBDOMAINS, values.domain_name(text.removeprefix(SUBDOMAINS), "sender")
    if "@" in text.lstrip("@"):
        return SenderKind.ADDRESS, values.address(text, "sender")
    return SenderKind.DOMAIN, values.domain_name(text.removeprefix("@"), "sender")


def _action(action: str) -> str:
    if action not in SenderAction.values:
        raise ActionError("action", _("The action must be allow or deny."))
    return action
