"""`mailcenter sender`: lists of senders of the platform, a domain, or a mailbox."""

from __future__ import annotations

from typing import Annotated

import typer

from mailcenter.actions.senders import create_sender, remove_sender
from mailcenter.cli.deeds import ROOT, DeedGroup, existing
from mailcenter.cli.errors import CommandError
from mailcenter.cli.output import AsJson, print_one, print_rows, say
from mailcenter.directory.lookup import domain_named, mailbox_at
from mailcenter.directory.models import Domain, Mailbox
from mailcenter.directory.plain_gate import plain_sender
from mailcenter.directory.scope import OPERATOR, visible_sender_entries

app = typer.Typer(cls=DeedGroup, no_args_is_help=True, help="Lists of senders.")

Sender = Annotated[str, typer.Argument(help="who@example.com, example.com, or *.example.com with its subdomains.")]
OfDomain = Annotated[str | None, typer.Option("--domain", help="The list of this domain.")]
OfMailbox = Annotated[str | None, typer.Option("--mailbox", help="The list of this mailbox.")]


def _place(domain: str | None, mailbox: str | None) -> Domain | Mailbox | None:
    if domain is not None and mailbox is not None:
        raise CommandError("choose one of --domain and --mailbox")
    if mailbox is not None:
        return existing(mailbox_at(OPERATOR, mailbox), "mailbox", mailbox)
    return None if domain is None else existing(domain_named(OPERATOR, domain), "domain", domain)


@app.command()
def add(
    sender: Sender,
    action: Annotated[str, typer.Argument(help="allow or deny.")],
    *,
    domain: OfDomain = None,
    mailbox: OfMailbox = None,
    note: Annotated[str, typer.Option(help="Why, for people.")] = "",
    as_json: AsJson = False,
) -> None:
    """Put a sender on a list; without --domain and --mailbox on the platform's."""
    created = create_sender(actor=ROOT, sender=sender, action=action, place=_place(domain, mailbox), note=note)
    print_one(plain_sender(created), as_json=as_json)


@app.command("list")
def list_all(domain: OfDomain = None, mailbox: OfMailbox = None, as_json: AsJson = False) -> None:
    """All entries, or those of one domain's or mailbox's own list."""
    rows = visible_sender_entries(OPERATOR)
    place = _place(domain, mailbox)
    if isinstance(place, Domain):
        rows = rows.filter(domain=place)
    elif place is not None:
        rows = rows.filter(mailbox=place)
    print_rows(map(plain_sender, rows), ("id", "sender", "action", "domain", "mailbox", "note"), as_json=as_json)


@app.command()
def remove(number: Annotated[int, typer.Argument(help="The entry's id, see `mailcenter sender list`.")]) -> None:
    """Take a sender off its list."""
    entry = existing(visible_sender_entries(OPERATOR).filter(pk=number).first(), "entry", str(number))
    say(remove_sender(actor=ROOT, entry=entry))
