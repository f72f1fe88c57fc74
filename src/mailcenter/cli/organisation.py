"""`mailcenter organisation`: customers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from mailcenter.actions.base import UNSET
from mailcenter.actions.limits import use_of
from mailcenter.actions.organisations import change_organisation, create_organisation, remove_organisation
from mailcenter.cli.deeds import ROOT, DeedGroup, existing
from mailcenter.cli.limits import read_limits
from mailcenter.cli.output import AsJson, print_one, print_rows, say
from mailcenter.directory.lookup import organisation_named
from mailcenter.directory.models import Organisation
from mailcenter.directory.plain import plain_organisation
from mailcenter.directory.scope import OPERATOR, visible_organisations

app = typer.Typer(cls=DeedGroup, no_args_is_help=True, help="Organisations (customers).")

Name = Annotated[str, typer.Argument(help="Name of the organisation.")]

Limits = Annotated[
    list[str],
    typer.Option("--limit", help="A limit, as domains=5, mailboxes=100, aliases=200, storage=50G, or storage=none."),
]


def _meant(name: str) -> Organisation:
    return existing(organisation_named(OPERATOR, name), "organisation", name)


@app.command()
def add(
    name: Name,
    reseller: Annotated[str, typer.Option(help="Organisation whose resellers manage it.")] = "",
    limits: Limits = [],  # noqa: B006 - Typer wants a list, and nobody changes it
    as_json: AsJson = False,
) -> None:
    """Make an organisation."""
    made = create_organisation(
        actor=ROOT, name=name, reseller=_meant(reseller) if reseller else None, **read_limits(limits)
    )
    print_one(plain_organisation(made), as_json=as_json)


@app.command("list")
def list_all(as_json: AsJson = False) -> None:
    """All organisations."""
    print_rows(map(plain_organisation, visible_organisations(OPERATOR)), ("name", "created_at"), as_json=as_json)


@app.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """One organisation with its domains, and what it has of its limits."""
    organisation = _meant(name)
    domains = [domain.name for domain in organisation.domains.all()]
    told = {**plain_organisation(organisation), "domains": domains, "use": asdict(use_of(organisation))}
    print_one(told, as_json=as_json)


@app.command()
def change(
    name: Name,
    new_name: Annotated[str, typer.Option("--name", help="New name.")] = "",
    limits: Limits = [],  # noqa: B006 - Typer wants a list, and nobody changes it
    as_json: AsJson = False,
) -> None:
    """Rename an organisation, or set its limits."""
    changed = change_organisation(actor=ROOT, organisation=_meant(name), name=new_name or UNSET, **read_limits(limits))
    print_one(plain_organisation(changed), as_json=as_json)


@app.command()
def remove(name: Name) -> None:
    """Remove an organisation that has neither domains nor users left."""
    say(remove_organisation(actor=ROOT, organisation=_meant(name)))
