"""`mailcenter password-policy`: how strong passwords must be on the whole platform, and until when weaker ones work."""

from __future__ import annotations

import typer

from mailcenter.actions.password_policy import change_password_policy, plain_password_policy
from mailcenter.cli.deeds import ROOT, DeedGroup
from mailcenter.cli.output import AsJson, print_one
from mailcenter.cli.password_options import PasswordDeadline, PasswordMinimum, day_given, strength_given

app = typer.Typer(cls=DeedGroup, no_args_is_help=True, help="Strength of passwords, and the last day of weaker ones.")


@app.command()
def show(as_json: AsJson = False) -> None:
    """What was said here, and what is in force where a domain has no word of its own."""
    print_one(plain_password_policy(), as_json=as_json)


@app.command()
def change(
    *, password_minimum: PasswordMinimum = None, password_deadline: PasswordDeadline = None, as_json: AsJson = False
) -> None:
    """Change it; `default` is as mailcenter.toml says."""
    change_password_policy(
        actor=ROOT,
        password_minimum=strength_given(password_minimum),
        password_deadline=day_given(password_deadline),
    )
    print_one(plain_password_policy(), as_json=as_json)
