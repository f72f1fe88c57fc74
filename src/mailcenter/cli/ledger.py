"""`mailcenter ledger audit`: prove that every accepted mail has an end, or say which has none."""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from mailcenter.ledger.audit import Open, Report, audit
from mailcenter.settings.load import load, paths

app = typer.Typer(no_args_is_help=True, help="Audit the ledger.")

_QUEUE_SECONDS = 60
_SHOWN = 50
_WORDS = {
    "waiting": "in the queue",
    "never_queued": "not taken into the queue; the sender was not told that it was",
    "unexplained": "UNEXPLAINED",
}


@app.callback()
def ledger() -> None:
    """Audit the ledger."""


@app.command("audit")
def audit_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    days: Annotated[float, typer.Option(min=0.01, help="Look at mails of the last days.")] = 7.0,
    older_than: Annotated[
        float, typer.Option(min=0, help="Seconds that a mail must be old: its log lines have been read by then.")
    ] = 60.0,
) -> None:
    """Check that every recipient of an accepted mail has an end: delivered, bounced, discarded by a rule; or is queued.

    Exit code 1 when something is unexplained.
    """
    now = datetime.now(UTC)
    since, until = now - timedelta(days=days), now - timedelta(seconds=older_than)
    queue = queue_ids()
    report = audit(since, until, in_queue=queue)
    if report.of("unexplained"):
        # A mail may change folders of the queue while it is listed, so what seems lost is looked for once more.
        queue = queue_ids()
        report = audit(since, until, in_queue=queue)
    if as_json:
        typer.echo(json.dumps(_as_values(report, now, queue is not None), indent=2, ensure_ascii=False))
    else:
        _print(report, now, queue is not None)
    raise typer.Exit(1 if report.of("unexplained") else 0)


def queue_ids() -> frozenset[str] | None:
    """The queue ids that Postfix has now; None where it cannot be asked."""
    etc = str(paths(load()).etc("postfix"))
    try:
        said = subprocess.run(
            ["postqueue", "-c", etc, "-j"], capture_output=True, text=True, timeout=_QUEUE_SECONDS, check=True
        ).stdout
        return frozenset(json.loads(line)["queue_id"] for line in said.splitlines())
    except (OSError, subprocess.SubprocessError, ValueError, KeyError):
        return None


def _as_values(report: Report, now: datetime, queue_known: bool) -> dict[str, Any]:
    return {
        "recipients": report.recipients,
        "with_end": report.recipients - len({item for item in report.open if item.recipient}),
        "unexplained": len(report.of("unexplained")),
        "queue_known": queue_known,
        "open": [
            asdict(item) | {"since": item.since.isoformat(), "age_seconds": round((now - item.since).total_seconds())}
            for item in report.open
        ],
    }


def _print(report: Report, now: datetime, queue_known: bool) -> None:
    console = Console(soft_wrap=True, highlight=False)
    values = _as_values(report, now, queue_known)
    unexplained = report.of("unexplained")
    console.print(
        f"{values['recipients']} recipients of accepted mails: {values['with_end']} with an end,"
        f" {len(report.of('waiting'))} in the queue, {len(unexplained)} unexplained."
    )
    if not queue_known:
        console.print("Postfix's queue could not be asked; what its log said is believed.")
    shown: list[Open] = [*unexplained, *(item for item in report.open if item.state != "unexplained")]
    if not shown:
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("reference", "since", "age", "queue id"):
        table.add_column(heading, no_wrap=True)
    for heading in ("recipient", "state"):
        table.add_column(heading, overflow="fold")
    for item in shown[:_SHOWN]:
        age = timedelta(seconds=round((now - item.since).total_seconds()))
        table.add_row(
            item.reference,
            f"{item.since.astimezone():%Y-%m-%d %H:%M:%S}",
            str(age),
            item.queue_id,
            item.recipient or "(the whole message)",
            _WORDS[item.state],
        )
    console.print(table)
    if len(shown) > _SHOWN:
        console.print(f"and {len(shown) - _SHOWN} more; --json lists all")
