"""`mailcenter domain`: mail domains."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from django.db import transaction

from mailcenter.actions import UNSET, Unset
from mailcenter.actions.domains import change_domain, create_domain, remove_domain
from mailcenter.actions.treatment import change_attachments, change_treatment
from mailcenter.cli.deeds import ROOT, DeedGroup, existing, organisation_meant
from mailcenter.cli.errors import CommandError
from mailcenter.cli.output import AsJson, print_one, print_rows, say
from mailcenter.cli.password_options import (
    AppPasswordsOnly,
    PasswordDeadline,
    PasswordMinimum,
    day_given,
    strength_given,
)
from mailcenter.cli.treatment_options import (
    DEFAULT,
    JunkScore,
    Notices,
    RefuseScore,
    SpamActionOption,
    SpamForwardTo,
    treatment_values,
)
from mailcenter.directory.lookup import domain_named
from mailcenter.directory.models import Domain
from mailcenter.directory.plain import plain_domain
from mailcenter.directory.plain_gate import plain_treatment
from mailcenter.directory.scope import OPERATOR, visible_domains

app = typer.Typer(cls=DeedGroup, no_args_is_help=True, help="Domains.")

Name = Annotated[str, typer.Argument(help="Domain name, in any spelling.")]
Owner = Annotated[
    str | None, typer.Option("--organisation", help="Name of the organisation; not needed where there is only one.")
]


def _meant(name: str) -> Domain:
    return existing(domain_named(OPERATOR, name), "domain", name)


@app.command()
def add(name: Name, organisation: Owner = None, as_json: AsJson = False) -> None:
    """Host a domain."""
    created = create_domain(actor=ROOT, organisation=organisation_meant(organisation), name=name)
    print_one(plain_domain(created), as_json=as_json)


@app.command("list")
def list_all(organisation: Owner = None, as_json: AsJson = False) -> None:
    """All domains, or those of one organisation."""
    domains = visible_domains(OPERATOR)
    if organisation is not None:
        domains = domains.filter(organisation=organisation_meant(organisation))
    columns = ("name", "unicode_name", "organisation", "is_active", "catch_all")
    print_rows(map(plain_domain, domains), columns, as_json=as_json)


@app.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """One domain."""
    domain = _meant(name)
    counts = {"mailboxes": domain.mailboxes.count(), "aliases": domain.aliases.count()}
    print_one({**plain_domain(domain), **counts, **plain_treatment(domain)}, as_json=as_json)


@app.command()
def change(
    name: Name,
    *,
    active: Annotated[bool | None, typer.Option("--active/--inactive", help="Take mail or not.")] = None,
    catch_all: Annotated[str | None, typer.Option(help="Address that gets the mail of all others in it.")] = None,
    no_catch_all: Annotated[bool, typer.Option("--no-catch-all", help="Refuse unknown addresses.")] = False,
    junk_score: JunkScore = None,
    refuse_score: RefuseScore = None,
    spam_action: SpamActionOption = None,
    spam_forward_to: SpamForwardTo = None,
    notices: Notices = None,
    block_extensions: Annotated[
        str | None, typer.Option(help="Attachments that are refused, as in `exe,js`; or `default`.")
    ] = None,
    encrypted_archives: Annotated[str | None, typer.Option(help="accept, refuse, or `default`.")] = None,
    app_passwords_only: AppPasswordsOnly = None,
    password_minimum: PasswordMinimum = None,
    password_deadline: PasswordDeadline = None,
    as_json: AsJson = False,
) -> None:
    """Change a domain."""
    if no_catch_all and catch_all is not None:
        raise CommandError("choose one of --catch-all and --no-catch-all")
    target: str | Unset | None = None if no_catch_all else UNSET if catch_all is None else catch_all
    treatment = treatment_values(
        junk_score=junk_score,
        refuse_score=refuse_score,
        spam_action=spam_action,
        spam_forward_to=spam_forward_to,
        notices=notices,
    )
    attachments: dict[str, Any] = {}
    if block_extensions is not None:
        attachments["blocked_extensions"] = None if block_extensions == DEFAULT else block_extensions.split(",")
    if encrypted_archives is not None:
        attachments["encrypted_archives"] = None if encrypted_archives == DEFAULT else encrypted_archives
    with transaction.atomic():
        changed = change_domain(
            actor=ROOT,
            domain=_meant(name),
            is_active=UNSET if active is None else active,
            catch_all=target,
            app_passwords_only=UNSET if app_passwords_only is None else app_passwords_only,
            password_minimum=strength_given(password_minimum),
            password_deadline=day_given(password_deadline),
        )
        change_treatment(actor=ROOT, place=changed, **treatment)
        change_attachments(actor=ROOT, domain=changed, **attachments)
    print_one({**plain_domain(changed), **plain_treatment(_meant(name))}, as_json=as_json)


@app.command()
def remove(
    name: Name,
    with_mailboxes: Annotated[bool, typer.Option("--with-mailboxes", help="Remove its mailboxes as well.")] = False,
) -> None:
    """Stop hosting a domain; the mail of its mailboxes stays on disk."""
    say(remove_domain(actor=ROOT, domain=_meant(name), with_mailboxes=with_mailboxes))
