"""Mail domains: created and removed by operators, or resellers if settings say so; set up by who manages them."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mailcenter.actions import values
from mailcenter.actions.base import UNSET, ActionError, Actor, Unset, apply, audit, found
from mailcenter.actions.destinations import forget_destinations, refuse_unknown
from mailcenter.actions.limits import make_room
from mailcenter.actions.mail_sessions import end_mail_sessions_in
from mailcenter.actions.mailboxes import remove_mailbox
from mailcenter.actions.password_policy import check_strength, plain_days
from mailcenter.actions.rights import require_domain_adder, require_manager, require_stranger_domain
from mailcenter.directory.models import Domain, Organisation, User
from mailcenter.directory.scope import visible_domains, visible_organisations
from mailcenter.mail.domain import to_unicode


@transaction.atomic
def create_domain(*, actor: Actor, organisation: Organisation, name: str) -> Domain:
    """Host a domain.

    Raises:
        ActionError: `name` is no domain name, the domain is hosted here already, or the actor may not add it.
    """
    organisation = found(visible_organisations(actor.scope), organisation, "organisation")
    require_domain_adder(actor)
    make_room(organisation, domains=1, field="organisation")
    a_label = values.domain_name(name)
    require_stranger_domain(actor, a_label, "name")
    domain = Domain(organisation=organisation, name=a_label, unicode_name=to_unicode(a_label))
    try:
        with transaction.atomic():
            domain.save()
    except IntegrityError:
        raise ActionError(
            "name", _("The domain %(name)s is already hosted here.") % {"name": domain.unicode_name}
        ) from None
    audit(actor, "domain.create", domain, {"name": domain.name, "organisation": organisation.name})
    return domain


@transaction.atomic
def change_domain(
    *,
    actor: Actor,
    domain: Domain,
    is_active: bool | Unset = UNSET,
    catch_all: str | Unset | None = UNSET,
    app_passwords_only: bool | Unset = UNSET,
    password_minimum: int | Unset | None = UNSET,
    password_deadline: date | Unset | None = UNSET,
) -> Domain:
    """Switch a domain on or off, or set the address that gets the mail of all others in it (None or empty: nobody).

    `password_minimum` (0 to 4) is how strong passwords must be, `password_deadline` the last day on which weaker ones
    work; None: as the platform says. With `app_passwords_only` mail programs need app passwords: people's own open the
    control center only.
    """
    domain = found(visible_domains(actor.scope), domain, "domain")
    require_manager(actor, "domain")
    if catch_all is not UNSET:
        catch_all = values.address(catch_all, "catch_all") if catch_all else None
    if isinstance(catch_all, str):
        refuse_unknown(actor, catch_all, "catch_all")
    check_strength(password_minimum)
    changes = apply(
        domain,
        {
            "is_active": is_active,
            "catch_all": catch_all,
            "app_passwords_only": app_passwords_only,
            "password_minimum": password_minimum,
            "password_deadline": password_deadline,
        },
    )
    if changes.keys() & {"is_active", "app_passwords_only"}:
        end_mail_sessions_in(domain)
    if changes:
        audit(actor, "domain.change", domain, plain_days(changes))
    return domain


@transaction.atomic
def remove_domain(*, actor: Actor, domain: Domain, with_mailboxes: bool = False) -> str:
    """Stop hosting a domain, with its aliases and (only if asked for) its mailboxes; a message that says what was done.

    The mailboxes' mail stays on disk, its place is in the audit.
    """
    domain = found(visible_domains(actor.scope), domain, "domain")
    require_domain_adder(actor)
    mailboxes = list(domain.mailboxes.select_related("domain", "user"))
    if mailboxes and not with_mailboxes:
        raise ActionError(
            "with_mailboxes",
            ngettext(
                "The domain %(name)s still has %(count)d mailbox; ask for its removal explicitly.",
                "The domain %(name)s still has %(count)d mailboxes; ask for their removal explicitly.",
                len(mailboxes),
            )
            % {"name": domain.unicode_name, "count": len(mailboxes)},
        )
    _refuse_if_last_of_an_administrator(domain)
    for mailbox in mailboxes:
        remove_mailbox(actor=actor, mailbox=mailbox)
    aliases = [alias.address for alias in domain.aliases.select_related("domain")]
    audit(actor, "domain.remove", domain, {"name": domain.name, "aliases": aliases})
    forget_destinations(actor, aliases, organisation_id=domain.organisation_id)
    domain.delete()
    message = ngettext(
        "Domain %(name)s is removed, with %(count)d mailbox. Its mail is kept on disk.",
        "Domain %(name)s is removed, with %(count)d mailboxes. Their mail is kept on disk.",
        len(mailboxes),
    )
    return message % {"name": domain.unicode_name, "count": len(mailboxes)}


def _refuse_if_last_of_an_administrator(domain: Domain) -> None:
    """A restriction to no domain means all domains, so the last one must not vanish from under an administrator."""
    restricted_to_it = User.objects.filter(domains=domain).values("pk")
    last = User.objects.filter(pk__in=restricted_to_it).annotate(count=Count("domains")).filter(count=1).first()
    if last is not None:
        raise ActionError(
            "domain",
            _("The administrator %(login)s may manage this domain only; change or remove him first.")
            % {"login": last.login},
        )
