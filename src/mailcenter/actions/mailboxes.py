"""Mailboxes, each made together with the user who owns it."""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mailcenter.actions import values
from mailcenter.actions.addresses import own_domain, refuse_taken, taken
from mailcenter.actions.base import UNSET, ActionError, Actor, NotAllowedError, Unset, apply, audit, found
from mailcenter.actions.destinations import forget_destinations
from mailcenter.actions.limits import make_room
from mailcenter.actions.mail_sessions import end_mail_sessions
from mailcenter.actions.passwords import check_password, stored_hash
from mailcenter.actions.rights import is_oneself, require_manager
from mailcenter.directory.models import Mailbox, Role, User
from mailcenter.directory.scope import visible_mailboxes


@transaction.atomic
def create_mailbox(
    *,
    actor: Actor,
    address: str,
    password: str | None = None,
    password_hash: str | None = None,
    display_name: str = "",
    quota_bytes: int = 0,
    language: str = "",
) -> Mailbox:
    """Make a mailbox; its owner logs in with the address. Without a password nobody can log in until one is set.

    `password_hash` is that of a password which he has elsewhere, as `import_password` takes it.

    Raises:
        NotFoundError: the domain is not among the actor's.
        ActionError: naming the argument at fault.
    """
    local_part, domain = own_domain(actor, address)
    mailbox = Mailbox(
        domain=domain,
        local_part=local_part,
        display_name=values.text(display_name, "display_name"),
        store=settings.MAILCENTER.mail.default_store,
        quota_bytes=values.quota(quota_bytes),
    )
    refuse_taken(mailbox.address)
    make_room(domain.organisation, mailboxes=1, quota=(0, mailbox.quota_bytes), field="address")
    user = User(
        login=mailbox.address,
        role=Role.MAILBOX,
        organisation_id=domain.organisation_id,
        display_name=mailbox.display_name,
        language=values.language(language),
    )
    if password_hash is None:
        user.set_password(None if password is None else check_password(password, owner=user, domain=domain))
    elif password is None:
        user.password = stored_hash(password_hash)
    else:
        raise ActionError("password_hash", _("Give either a password or its hash."))
    try:
        with transaction.atomic():
            user.save()
            mailbox.user = user
            mailbox.save()
    except IntegrityError:  # taken in this very moment, or as the login of somebody without a mailbox
        raise taken(mailbox.address) from None
    audit(
        actor,
        "mailbox.create",
        mailbox,
        {"address": mailbox.address, "quota_bytes": mailbox.quota_bytes, "storage_key": str(mailbox.storage_key)},
    )
    return mailbox


@transaction.atomic
def change_mailbox(
    *,
    actor: Actor,
    mailbox: Mailbox,
    display_name: str | Unset = UNSET,
    quota_bytes: int | Unset = UNSET,
    is_active: bool | Unset = UNSET,
    app_passwords_only: bool | Unset = UNSET,
) -> Mailbox:
    """Change a mailbox. Its owner may change the name that is shown, and whether mail programs need app passwords; the
    rest is for those who manage the domain.
    """
    mailbox = found(visible_mailboxes(actor.scope), mailbox, "mailbox")
    if not is_oneself(actor, mailbox.user):
        require_manager(actor, "mailbox")
    elif (quota_bytes, is_active) != (UNSET, UNSET):
        field = "is_active" if quota_bytes is UNSET else "quota_bytes"
        raise NotAllowedError(field, _("Only your administrator may change this."))
    if quota_bytes is not UNSET and quota_bytes != mailbox.quota_bytes:
        quota = (mailbox.quota_bytes, values.quota(quota_bytes))
        make_room(mailbox.domain.organisation, quota=quota, field="quota_bytes")
    new_name = display_name if display_name is UNSET else values.text(display_name, "display_name")
    changes = apply(
        mailbox,
        {
            "display_name": new_name,
            "quota_bytes": quota_bytes if quota_bytes is UNSET else values.quota(quota_bytes),
            "is_active": is_active,
            "app_passwords_only": app_passwords_only,
        },
    )
    apply(mailbox.user, {"display_name": new_name})
    if is_active is False or app_passwords_only is True:
        end_mail_sessions(mailbox)
    if changes:
        audit(actor, "mailbox.change", mailbox, changes)
    return mailbox


@transaction.atomic
def remove_mailbox(*, actor: Actor, mailbox: Mailbox) -> str:
    """Remove a mailbox and its owner's login; a message that says what was done.

    The mail stays on disk under the storage key that the audit entry holds. Aliases of the organisation that led here
    forget it.
    """
    mailbox = found(visible_mailboxes(actor.scope), mailbox, "mailbox")
    require_manager(actor, "mailbox")
    address = mailbox.address
    # Locked, so that no daemon writes down a login of his between the removal of these and his own.
    owner = User.objects.select_for_update().get(pk=mailbox.user_id)
    organisation_id = mailbox.domain.organisation_id
    audit(
        actor,
        "mailbox.remove",
        mailbox,
        {
            "address": address,
            "store": mailbox.store,
            "domain_id": mailbox.domain_id,
            "storage_key": str(mailbox.storage_key),
        },
    )
    end_mail_sessions(mailbox)
    mailbox.delete()
    owner.delete()
    touched = forget_destinations(actor, [address], organisation_id=organisation_id)
    message = _("Mailbox %(address)s is removed. Its mail is kept on disk.") % {"address": address}
    if touched:
        message += " " + _("It was taken out of these aliases: %(aliases)s.") % {"aliases": ", ".join(touched)}
    return message
