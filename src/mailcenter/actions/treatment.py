"""How suspicious mail and attachments are treated, for a domain or a mailbox; what is not said stands above."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from mailcenter.actions import values
from mailcenter.actions.base import UNSET, ActionError, Actor, Changes, Unset, apply, audit, found
from mailcenter.actions.destinations import refuse_unknown
from mailcenter.actions.rights import is_oneself, require_manager
from mailcenter.directory.models import Domain, EncryptedArchives, Mailbox, SpamAction
from mailcenter.directory.scope import visible_domains, visible_mailboxes

HIGHEST_SCORE: Final = 999
MOST_EXTENSIONS: Final = 500
_EXTENSION: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,15}\Z")


@transaction.atomic
def change_treatment(
    *,
    actor: Actor,
    place: Domain | Mailbox,
    junk_score: float | Unset | None = UNSET,
    refuse_score: float | Unset | None = UNSET,
    spam_action: str | Unset | None = UNSET,
    spam_forward_to: str | Unset | None = UNSET,
    notices: bool | Unset | None = UNSET,
) -> Domain | Mailbox:
    """Change how suspicious mail is treated; None: as the domain says, and where that says nothing, as the platform.

    Raises:
        ActionError: naming the argument at fault.
    """
    place = _place(actor, place)
    wanted = {
        "junk_score": junk_score if junk_score is UNSET else _score(junk_score, "junk_score"),
        "refuse_score": refuse_score if refuse_score is UNSET else _score(refuse_score, "refuse_score"),
        "spam_action": spam_action if spam_action is UNSET else _spam_action(spam_action),
        "spam_forward_to": spam_forward_to if spam_forward_to is UNSET else _forward_to(actor, place, spam_forward_to),
        "notices": notices,
    }
    changes = apply(place, wanted)
    if place.junk_score is not None and place.refuse_score is not None and place.junk_score > place.refuse_score:
        raise ActionError("junk_score", _("The score for Junk must not be above the one for refusal."))
    if place.spam_action == SpamAction.FORWARD and not _target_of(place):
        raise ActionError("spam_forward_to", _("Say to which address suspicious mail is forwarded."))
    if changes:
        audit(actor, "treatment.change", place, _plain(changes))
    return place


@transaction.atomic
def change_attachments(
    *,
    actor: Actor,
    domain: Domain,
    blocked_extensions: Iterable[str] | Unset | None = UNSET,
    encrypted_archives: str | Unset | None = UNSET,
) -> Domain:
    """Change which attachments a domain refuses; None: as the platform.

    Raises:
        ActionError: naming the argument at fault.
    """
    domain = found(visible_domains(actor.scope), domain, "domain")
    require_manager(actor, "domain")
    if isinstance(encrypted_archives, str) and encrypted_archives not in EncryptedArchives.values:
        raise ActionError("encrypted_archives", _("Encrypted archives are either accepted or refused."))
    extensions = blocked_extensions
    if not isinstance(extensions, Unset) and extensions is not None:
        extensions = _extensions(extensions)
    changes = apply(domain, {"blocked_extensions": extensions, "encrypted_archives": encrypted_archives})
    if changes:
        audit(actor, "attachments.change", domain, changes)
    return domain


def _place(actor: Actor, place: Domain | Mailbox) -> Domain | Mailbox:
    if isinstance(place, Domain):
        domain = found(visible_domains(actor.scope), place, "place")
        require_manager(actor, "place")
        return domain
    mailbox = found(visible_mailboxes(actor.scope), place, "place")
    if not is_oneself(actor, mailbox.user):
        require_manager(actor, "place")
    return mailbox


def _target_of(place: Domain | Mailbox) -> str | None:
    return place.spam_forward_to or (place.domain.spam_forward_to if isinstance(place, Mailbox) else None)


def _score(value: float | None, field: str) -> Decimal | None:
    """In tenths, as it is compared."""
    if value is None:
        return None
    if not 0 <= value <= HIGHEST_SCORE:
        raise ActionError(field, _("A score is a number from 0 to %(highest)d.") % {"highest": HIGHEST_SCORE})
    return Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _spam_action(value: str | None) -> str | None:
    if value is not None and value not in SpamAction.values:
        raise ActionError("spam_action", _("The action must be junk, mark, forward or nothing."))
    return value


def _forward_to(actor: Actor, place: Domain | Mailbox, value: str | None) -> str | None:
    if not value:
        return None
    target = values.address(value, "spam_forward_to")
    refuse_unknown(actor, target, "spam_forward_to")
    if isinstance(place, Mailbox) and target == place.address:
        raise ActionError("spam_forward_to", _("Mail to %(address)s would come back to it.") % {"address": target})
    return target


def _extensions(wanted: Iterable[str]) -> list[str]:
    extensions = sorted({extension.strip().lower().lstrip(".") for extension in wanted} - {""})
    if len(extensions) > MOST_EXTENSIONS:
        raise ActionError(
            "blocked_extensions", _("The list is full: it has %(most)d entries.") % {"most": MOST_EXTENSIONS}
        )
    for extension in extensions:
        if not _EXTENSION.match(extension):
            raise ActionError(
                "blocked_extensions", _("%(extension)s is no file name extension.") % {"extension": extension[:40]}
            )
    return extensions


def _plain(changes: Changes) -> dict[str, Any]:
    """As the audit can hold it."""
    return {
        name: [float(value) if isinstance(value, Decimal) else value for value in pair]
        for name, pair in changes.items()
    }
