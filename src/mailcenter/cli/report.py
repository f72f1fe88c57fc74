"""`mailcenter report`: what postmasters elsewhere say was refused wrongly."""

from __future__ import annotations

from typing import Annotated

import typer

from mailcenter.actions.reports import answer_report, reopen_report, resend_answer
from mailcenter.cli.deeds import ROOT, DeedGroup, existing
from mailcenter.cli.output import AsJson, print_one, print_rows
from mailcenter.directory.models import RefusalReport
from mailcenter.directory.plain_gate import plain_report
from mailcenter.directory.scope import OPERATOR, visible_reports

app = typer.Typer(cls=DeedGroup, no_args_is_help=True, help="Reports of refused mail.")

Number = Annotated[int, typer.Argument(help="The report's id, see `mailcenter report list`.")]


def _meant(number: int) -> RefusalReport:
    return existing(visible_reports(OPERATOR).filter(pk=number).first(), "report", str(number))


@app.command("list")
def list_all(
    status: Annotated[str | None, typer.Option(help="open, answered, allowed or rejected.")] = None,
    as_json: AsJson = False,
) -> None:
    """All reports, newest first."""
    rows = visible_reports(OPERATOR)
    if status is not None:
        rows = rows.filter(status=status)
    columns = ("id", "reference", "status", "reporter_email", "created_at", "message")
    print_rows(map(plain_report, rows), columns, as_json=as_json)


@app.command()
def show(number: Number, as_json: AsJson = False) -> None:
    """One report; `mailcenter trace REFERENCE` tells the story of the mail."""
    print_one(plain_report(_meant(number)), as_json=as_json)


@app.command()
def answer(
    number: Number,
    text: Annotated[str, typer.Argument(help="What the postmaster is told.")],
    *,
    status: Annotated[str, typer.Option(help="answered, allowed or rejected.")] = "answered",
    sender: Annotated[str, typer.Option(help="With allowed: who goes on the platform's list of senders.")] = "",
    network: Annotated[str, typer.Option(help="With allowed: what goes on the list of client networks.")] = "",
    as_json: AsJson = False,
) -> None:
    """Close a report; the answer goes to the postmaster by mail."""
    report = _meant(number)
    closed = answer_report(actor=ROOT, report=report, status=status, answer=text, sender=sender, network=network)
    print_one(plain_report(closed), as_json=as_json)


@app.command()
def reopen(number: Number, as_json: AsJson = False) -> None:
    """Open a closed report again."""
    print_one(plain_report(reopen_report(actor=ROOT, report=_meant(number))), as_json=as_json)


@app.command()
def resend(number: Number, as_json: AsJson = False) -> None:
    """Send an answer again that could not be sent."""
    print_one(plain_report(resend_answer(actor=ROOT, report=_meant(number))), as_json=as_json)
