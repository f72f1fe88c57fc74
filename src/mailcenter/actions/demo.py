"""The demo: an organisation with a domain, people and mailboxes to try the platform with."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction

from mailcenter.actions.aliases import create_alias
from mailcenter.actions.base import Actor
from mailcenter.actions.domains import create_domain
from mailcenter.actions.mailboxes import create_mailbox
from mailcenter.actions.organisations import create_organisation
from mailcenter.actions.passwords import generate_password, set_password
from mailcenter.actions.users import create_user
from mailcenter.directory.models import Alias, Domain, Organisation, Role, User
from mailcenter.settings.demo import DEMO_DOMAIN
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

Logins = dict[str, dict[str, str]]

ORGANISATION = "Demo"
OPERATOR = "operator"
DOMAIN_ADMIN = f"admin@{DEMO_DOMAIN}"
MAILBOXES = {"alice": "Alice Demo", "bob": "Bob Demo"}
TEAM = f"team@{DEMO_DOMAIN}"

_ACTOR = Actor(user=None, via="system")


@transaction.atomic
def seed_demo(settings: Settings) -> Logins:
    """Make what is missing of the demo and write its logins to `paths.demo_logins` (0600).

    Gives `{"operator": {"login": …, "password": …}, "domain_admin": …, "alice": …, "bob": …}`. A second call changes
    nothing; a password that somebody changed since is replaced, so that the printed ones always work.
    """
    domain = _domain()
    known = _known_logins(settings)
    logins: Logins = {}
    for who, login in _people():
        user = User.objects.filter(login=login).first() or _create(who, login, domain)
        password = known.get(who, {}).get("password", "")
        if not (password and user.check_password(password)):
            password = generate_password()
            set_password(actor=_ACTOR, user=user, password=password)
        logins[who] = {"login": login, "password": password}
    if not Alias.objects.filter(domain=domain, local_part="team").exists():
        create_alias(actor=_ACTOR, address=TEAM, destinations=[f"{name}@{DEMO_DOMAIN}" for name in MAILBOXES])
    if logins != known:
        _write(settings, logins)
    return logins


def _people() -> list[tuple[str, str]]:
    return [
        ("operator", OPERATOR),
        ("domain_admin", DOMAIN_ADMIN),
        *((name, f"{name}@{DEMO_DOMAIN}") for name in MAILBOXES),
    ]


def _domain() -> Domain:
    existing = Domain.objects.filter(name=DEMO_DOMAIN).first()
    if existing is not None:
        return existing
    organisation = Organisation.objects.filter(name=ORGANISATION).first()
    if organisation is None:
        organisation = create_organisation(actor=_ACTOR, name=ORGANISATION)
    return create_domain(actor=_ACTOR, organisation=organisation, name=DEMO_DOMAIN)


def _create(who: str, login: str, domain: Domain) -> User:
    if who in MAILBOXES:
        return create_mailbox(actor=_ACTOR, address=login, display_name=MAILBOXES[who]).user
    if who == "operator":
        return create_user(actor=_ACTOR, login=login, role=Role.OPERATOR, display_name="Demo operator")
    return create_user(
        actor=_ACTOR,
        login=login,
        role=Role.DOMAIN_ADMIN,
        organisation=domain.organisation,
        display_name="Demo administrator",
    )


def _known_logins(settings: Settings) -> Logins:
    file = paths(settings).demo_logins
    if not file.exists():
        return {}
    logins: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return logins


def _write(settings: Settings, logins: Logins) -> None:
    file = paths(settings).demo_logins
    file.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_text(json.dumps(logins, indent=2) + "\n", "utf-8")
