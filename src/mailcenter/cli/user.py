"""`mailcenter user`: logins and roles. `user add NAME --role operator` makes the first operator of a new server."""

from __future__ import annotations

from typing import Annotated

import typer
from django.db import transaction

from mailcenter.actions import UNSET, Unset
from mailcenter.actions.passwords import set_password
from mailcenter.actions.second_factors import reset_second_factors
from mailcenter.actions.sessions import end_sessions
from mailcenter.actions.users import change_user, create_user, remove_user
from mailcenter.cli.deeds import ROOT, DeedGroup, existing, organisation_meant
from mailcenter.cli.errors import CommandError
from mailcenter.cli.output import AsJson, print_one, print_rows, say
from mailcenter.cli.password_options import AskPassword, FromStdin, Generate, NoPassword, password_of
from mailcenter.directory.lookup import domain_named, user_called
from mailcenter.directory.models import Domain, Role, User
from mailcenter.directory.models.user import PLATFORM_ROLES
from mailcenter.directory.plain import plain_user
from mailcenter.directory.scope import OPERATOR, visible_users

app = typer.Typer(cls=DeedGroup, no_args_is_help=True, help="Users and their roles.")

Login = Annotated[str, typer.Argument(help="Login: an address or a plain name.")]
DisplayName = Annotated[str | None, typer.Option("--display-name", help="Name shown to people.")]
Language = Annotated[str | None, typer.Option("--language", help="de or en; empty for what the browser asks for.")]
Organisation = Annotated[str | None, typer.Option("--organisation", help="Needed for resellers and administrators.")]
Domains = Annotated[list[str] | None, typer.Option("--domain", help="Restrict to this domain; repeat.")]


def _meant(login: str) -> User:
    return existing(user_called(OPERATOR, login), "user", login)


def _domains(names: list[str] | None) -> list[Domain]:
    return [existing(domain_named(OPERATOR, name), "domain", name) for name in names or []]


@app.command()
def add(
    login: Login,
    *,
    role: Annotated[str, typer.Option("--role", help="operator, support, reseller or domain_admin.")],
    organisation: Organisation = None,
    domain: Domains = None,
    display_name: DisplayName = None,
    language: Language = None,
    password_stdin: FromStdin = False,
    generate: Generate = False,
    no_password: NoPassword = False,
    as_json: AsJson = False,
) -> None:
    """Make a user; mailbox owners are made with `mailcenter mailbox add`."""
    platform = organisation is None and role in PLATFORM_ROLES
    tenant = None if platform or role not in Role.values else organisation_meant(organisation)
    password = password_of(from_stdin=password_stdin, generate=generate, ask=not no_password)
    user = create_user(
        actor=ROOT,
        login=login,
        role=role,
        organisation=tenant,
        domains=_domains(domain),
        password=password,
        display_name=display_name or "",
        language=language or "",
    )
    print_one(plain_user(user) | ({"password": password} if generate else {}), as_json=as_json)


@app.command("list")
def list_all(
    role: Annotated[str | None, typer.Option(help="Only those with this role.")] = None,
    organisation: Organisation = None,
    as_json: AsJson = False,
) -> None:
    """All users."""
    users = visible_users(OPERATOR).prefetch_related("domains")
    if role is not None:
        users = users.filter(role=role)
    if organisation is not None:
        users = users.filter(organisation=organisation_meant(organisation))
    columns = ("login", "role", "organisation", "domains", "display_name", "is_active", "last_login")
    print_rows(map(plain_user, users), columns, as_json=as_json)


@app.command()
def show(login: Login, as_json: AsJson = False) -> None:
    """One user."""
    print_one(plain_user(_meant(login)), as_json=as_json)


@app.command()
def change(
    login: Login,
    *,
    display_name: DisplayName = None,
    language: Language = None,
    active: Annotated[bool | None, typer.Option("--active/--inactive", help="May log in or not.")] = None,
    domain: Domains = None,
    all_domains: Annotated[bool, typer.Option("--all-domains", help="End the restriction to some domains.")] = False,
    password: AskPassword = False,
    password_stdin: FromStdin = False,
    generate: Generate = False,
    as_json: AsJson = False,
) -> None:
    """Change a user or his password."""
    user = _meant(login)
    if domain and all_domains:
        raise CommandError("choose one of --domain and --all-domains")
    domains: list[Domain] | Unset = _domains(domain) if domain or all_domains else UNSET
    new_password = password_of(from_stdin=password_stdin, generate=generate, ask=password)
    with transaction.atomic():
        changed = change_user(
            actor=ROOT,
            user=user,
            display_name=UNSET if display_name is None else display_name,
            language=UNSET if language is None else language,
            is_active=UNSET if active is None else active,
            domains=domains,
        )
        if new_password is not None:
            set_password(actor=ROOT, user=changed, password=new_password)
    print_one(plain_user(changed) | ({"password": new_password} if generate else {}), as_json=as_json)


@app.command("reset-second-factor")
def reset_second_factor(login: Login) -> None:
    """Take app, passkeys and recovery codes from a user who has lost them; his sessions end."""
    say(reset_second_factors(actor=ROOT, user=_meant(login)))


@app.command("end-sessions")
def end_all(login: Login) -> None:
    """End all sessions of a user: in the control center, and those of mail programs."""
    say(end_sessions(actor=ROOT, user=_meant(login)))


@app.command()
def remove(login: Login) -> None:
    """Remove a user and his API keys."""
    say(remove_user(actor=ROOT, user=_meant(login)))
