"""The demo of this checkout: its domain and mailboxes, three sample mails and what became of them, where to log in."""

from __future__ import annotations

import re
import smtplib
import time

import typer
from rich.console import Console
from rich.table import Table

from mailcenter.actions.demo import seed_demo
from mailcenter.cli.demo_samples import Answer, samples, send
from mailcenter.cli.errors import CommandError
from mailcenter.ledger.queries import trace
from mailcenter.settings.load import load, paths
from mailcenter.settings.model import Settings

app = typer.Typer(no_args_is_help=True, help="Fill and show the demo.")

_REFERENCE = re.compile(r"\[([0-9a-z]{13})\]")
_QUEUED_AS = re.compile(r"queued as (\w+)")
_STORY_SECONDS = 30.0


@app.command()
def seed() -> None:
    """Make the demo domain, its people and mailboxes; nothing is changed where they exist."""
    seed_demo(_demo_settings())


@app.command()
def show() -> None:
    """Fill the demo; the first time also send three sample mails. Then say where to log in."""
    settings = _demo_settings()
    console = Console(soft_wrap=True)
    logins = seed_demo(settings)
    sent = settings.state_dir / "demo-samples-sent"
    if not sent.exists():
        _send_samples(settings, logins["alice"]["login"], console)
        sent.touch()
    _where_to_log_in(settings, logins, console)


def _demo_settings() -> Settings:
    settings = load()
    if not settings.demo:
        raise CommandError("this is no demo state", "set `demo = true` in a configuration of its own to make one")
    return settings


def _send_samples(settings: Settings, recipient: str, console: Console) -> None:
    table = Table(title=f"Three mails from outside to {recipient}", show_lines=True, title_justify="left")
    for heading in ("mail", "reply of the server", "what became of it"):
        table.add_column(heading, overflow="fold")
    for sample in samples(recipient):
        try:
            answer = send(sample, recipient, host=settings.listen.addresses[0], port=settings.listen.smtp)
        except (OSError, smtplib.SMTPException) as error:
            raise CommandError(f"the SMTP port cannot be used: {error}", "look at `mailcenter status`") from None
        table.add_row(sample.name, f"{answer.code} {answer.text}", _outcome(answer))
    console.print(table)


def _outcome(answer: Answer) -> str:
    """The last step of the mail's story, as soon as the ledger has it."""
    found = _REFERENCE.search(answer.text) or _QUEUED_AS.search(answer.text)
    if not found:
        return "?"
    deadline = time.monotonic() + _STORY_SECONDS
    wanted = "delivered" if answer.code < 400 else "refused"
    while time.monotonic() < deadline:
        for story in trace(found[1]):
            if story.outcome == wanted:
                return story.outcome_text
        time.sleep(0.1)
    raise CommandError(f"the ledger does not know the end of {found[1]}", "look at `mailcenter status`")


def _where_to_log_in(settings: Settings, logins: dict[str, dict[str, str]], console: Console) -> None:
    listen = settings.listen
    host = listen.addresses[0]
    console.print(f"\n[bold]Control center[/bold]  https://{host}:{listen.https}/   (REST API: /api/v1/docs)")
    table = Table(box=None, pad_edge=False)
    for heading in ("who", "login", "password"):
        table.add_column(heading)
    for who, login in logins.items():
        table.add_row(who.replace("_", " "), login["login"], login["password"])
    console.print(table)
    services = (
        f"SMTP {listen.smtp}   submission {listen.submission} (STARTTLS), {listen.submissions} (TLS)   "
        f"IMAP {listen.imap}, {listen.imaps} (TLS)   POP3 {listen.pop3}, {listen.pop3s} (TLS)   "
        f"ManageSieve {listen.sieve}"
    )
    console.print(f"\n[bold]Mail programs[/bold]   {host}: {services}")
    console.print(f"Certificate authority to trust: {paths(settings).ca_certificate}")
    console.print("All of it as JSON: ./mailcenter info --json      Stop it: make stop", highlight=False)
