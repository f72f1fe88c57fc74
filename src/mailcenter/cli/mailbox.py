"""`mailcenter mailbox`: mailboxes and their owners' passwords."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from django.db import transaction

from mailcenter.actions import UNSET, ActionError
from mailcenter.actions.mailboxes import change_mailbox, create_mailbox, remove_mailbox
from mailcenter.actions.passwords import import_password, set_password
from mailcenter.actions.treatment import change_treatment
from mailcenter.cli.deeds import ROOT, DeedGroup, existing
from mailcenter.cli.output import AsJson, print_one, print_rows, say
from mailcenter.cli.password_options import (
    AppPasswordsOnly,
    AskPassword,
    FromStdin,
    Generate,
    HashFile,
    NoPassword,
    password_hash_of,
    password_of,
)
from mailcenter.cli.treatment_options import (
    JunkScore,
    Notices,
    RefuseScore,
    SpamActionOption,
    SpamForwardTo,
    treatment_values,
)
from mailcenter.directory.lookup import domain_named, mailbox_at
from mailcenter.directory.models import Mailbox
from mailcenter.directory.plain import plain_mailbox
from mailcenter.directory.plain_gate import plain_treatment
from mailcenter.directory.scope import OPERATOR, visible_mailboxes

app = typer.Typer(cls=DeedGroup, no_args_is_help=True, help="Mailboxes.")

Address = Annotated[str, typer.Argument(help="Address, in any spelling.")]
Quota = Annotated[str | None, typer.Option("--quota", help="Bytes, or 500M, 10G, 1T; 0 is unlimited.")]
DisplayName = Annotated[str | None, typer.Option("--display-name", help="Name shown to people.")]

_UNITS = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}


def quota_bytes(text: str) -> int:
    """`10G` as bytes.

    Raises:
        ActionError: it is no size.
    """
    number, unit = (text[:-1], text[-1].upper()) if text[-1:].upper() in _UNITS else (text, "")
    if not (number.isascii() and number.isdecimal()) or len(number) > 20:
        raise ActionError("quota", f"{text!r} is no size; write bytes, or 500M, 10G, 1T")
    return int(number) * _UNITS.get(unit, 1)


def _meant(address: str) -> Mailbox:
    return existing(mailbox_at(OPERATOR, address), "mailbox", address)


def _shown(mailbox: Mailbox, password: str | None) -> dict[str, Any]:
    """The mailbox, and the generated password this once."""
    return plain_mailbox(mailbox) | ({} if password is None else {"password": password})


@app.command()
def add(
    address: Address,
    *,
    display_name: DisplayName = None,
    quota: Quota = None,
    password_stdin: FromStdin = False,
    generate: Generate = False,
    no_password: NoPassword = False,
    password_hash_file: HashFile = None,
    as_json: AsJson = False,
) -> None:
    """Make a mailbox; its owner logs in with the address."""
    password_hash = password_hash_of(password_hash_file)
    password = password_of(from_stdin=password_stdin, generate=generate, ask=not no_password and password_hash is None)
    created = create_mailbox(
        actor=ROOT,
        address=address,
        password=password,
        password_hash=password_hash,
        display_name=display_name or "",
        quota_bytes=quota_bytes(quota) if quota else 0,
    )
    print_one(_shown(created, password if generate else None), as_json=as_json)


@app.command("list")
def list_all(
    domain: Annotated[str | None, typer.Option(help="Only those of this domain.")] = None, as_json: AsJson = False
) -> None:
    """All mailboxes, or those of one domain."""
    mailboxes = visible_mailboxes(OPERATOR)
    if domain is not None:
        mailboxes = mailboxes.filter(domain=existing(domain_named(OPERATOR, domain), "domain", domain))
    columns = ("address", "display_name", "quota_bytes", "is_active")
    print_rows(map(plain_mailbox, mailboxes), columns, as_json=as_json)


@app.command()
def show(address: Address, as_json: AsJson = False) -> None:
    """One mailbox, and where its mail lies below the state directory."""
    mailbox = _meant(address)
    place = f"mail/{mailbox.store}/{mailbox.domain_id}/{mailbox.storage_key}"
    print_one({**plain_mailbox(mailbox), "path": place, **plain_treatment(mailbox)}, as_json=as_json)


@app.command()
def change(
    address: Address,
    *,
    display_name: DisplayName = None,
    quota: Quota = None,
    active: Annotated[bool | None, typer.Option("--active/--inactive", help="Take mail and logins, or not.")] = None,
    password: AskPassword = False,
    password_stdin: FromStdin = False,
    generate: Generate = False,
    password_hash_file: HashFile = None,
    app_passwords_only: AppPasswordsOnly = None,
    junk_score: JunkScore = None,
    refuse_score: RefuseScore = None,
    spam_action: SpamActionOption = None,
    spam_forward_to: SpamForwardTo = None,
    notices: Notices = None,
    as_json: AsJson = False,
) -> None:
    """Change a mailbox or its owner's password."""
    mailbox = _meant(address)
    password_hash = password_hash_of(password_hash_file)
    new_password = password_of(from_stdin=password_stdin, generate=generate, ask=password)
    if password_hash is not None and new_password is not None:
        raise ActionError("password_hash", "give either a password or its hash")
    treatment = treatment_values(
        junk_score=junk_score,
        refuse_score=refuse_score,
        spam_action=spam_action,
        spam_forward_to=spam_forward_to,
        notices=notices,
    )
    with transaction.atomic():
        changed = change_mailbox(
            actor=ROOT,
            mailbox=mailbox,
            display_name=UNSET if display_name is None else display_name,
            quota_bytes=UNSET if quota is None else quota_bytes(quota),
            is_active=UNSET if active is None else active,
            app_passwords_only=UNSET if app_passwords_only is None else app_passwords_only,
        )
        change_treatment(actor=ROOT, place=changed, **treatment)
        if new_password is not None:
            set_password(actor=ROOT, user=changed.user, password=new_password)
        elif password_hash is not None:
            import_password(actor=ROOT, user=changed.user, password_hash=password_hash)
    shown = _shown(changed, new_password if generate else None)
    print_one({**shown, **plain_treatment(_meant(address))}, as_json=as_json)


@app.command()
def remove(address: Address) -> None:
    """Remove a mailbox and its login; the mail stays on disk."""
    say(remove_mailbox(actor=ROOT, mailbox=_meant(address)))
