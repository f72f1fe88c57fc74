"""`mailcenter gate`: the rules of the gate, and the list of client networks."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from mailcenter.actions import UNSET
from mailcenter.actions.networks import change_network, create_network, remove_network
from mailcenter.actions.rules import book_in_force, change_rule
from mailcenter.cli import bans
from mailcenter.cli.deeds import ROOT, DeedGroup, existing
from mailcenter.cli.errors import CommandError
from mailcenter.cli.output import AsJson, print_json, print_one, print_rows, say
from mailcenter.directory.models import NetworkEntry
from mailcenter.directory.plain_gate import plain_network, plain_rule
from mailcenter.directory.scope import OPERATOR, visible_network_entries
from mailcenter.ledger.refusal_counts import refused_lately
from mailcenter.policy import table
from mailcenter.policy.rule import Rule
from mailcenter.serve.explaining import ExplainError, ask_gate
from mailcenter.settings.load import load, paths

app = typer.Typer(cls=DeedGroup, no_args_is_help=True, help="The gate.")
rule_app = typer.Typer(cls=DeedGroup, no_args_is_help=True, help="One rule of the gate.")
networks_app = typer.Typer(cls=DeedGroup, no_args_is_help=True, help="Client networks let through or refused.")
app.add_typer(rule_app, name="rule")
app.add_typer(networks_app, name="networks")
app.add_typer(bans.app, name="ban")
app.command("bans")(bans.list_bans)

RuleName = Annotated[str, typer.Argument(help="Name of the rule, see `mailcenter gate rules`.")]
Network = Annotated[str, typer.Argument(help="Network such as 192.0.2.0/24, or one address.")]
Action = Annotated[str, typer.Argument(help="allow or refuse.")]
Note = Annotated[str | None, typer.Option(help="Why, for people.")]


def _plain(rules: Iterable[tuple[str, Rule[Any]]]) -> list[dict[str, Any]]:
    book = book_in_force()
    return [plain_rule(stage, rule, book) | refused_lately(rule.name) for stage, rule in rules]


def _figures(rule: dict[str, Any]) -> str:
    return ", ".join(f"{name}={figure['value']:g} {figure['unit']}" for name, figure in rule["thresholds"].items())


@app.command()
def rules(as_json: AsJson = False) -> None:
    """All rules in the order in which they are asked, with their switches and figures in force.

    Also how often each has refused or put off in the last 24 hours and 7 days: each recipient counts, and a mail that
    was refused before it named one.
    """
    rows = _plain(table.ALL)
    if not as_json:
        rows = [rule | {"figures": _figures(rule) or None} for rule in rows]
    print_rows(
        rows, ("name", "stage", "enabled", "refused_day", "refused_week", "figures", "description"), as_json=as_json
    )


@app.command()
def explain(
    file: Annotated[Path, typer.Argument(help="The mail as a file; - reads it from stdin.")],
    *,
    client: Annotated[str, typer.Option(help="IP address of the sending server.")],
    helo: Annotated[str, typer.Option(help="The name it greets with.")],
    sender: Annotated[str, typer.Option("--from", help="MAIL FROM; empty: a notice's.")],
    recipients: Annotated[list[str], typer.Option("--to", help="RCPT TO; may be given several times.")],
    login: Annotated[str, typer.Option(help="As if this login had submitted it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say what the running gate would do with a mail, rule by rule; nothing is delivered, recorded or counted."""
    try:
        message = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from None
    try:
        said = ask_gate(
            paths(load()).gate_control_socket,
            client=client,
            helo=helo,
            mail_from=sender,
            rcpt_to=recipients,
            message=message,
            login=login,
        )
    except ExplainError as error:
        raise CommandError(f"{error.field + ': ' if error.field else ''}{error}") from None
    if as_json:
        print_json(said)
        return
    rows = [rule | {"ms": f"{rule['ms']:.3f}", "recipient": rule["recipient"] or None} for rule in said["rules"]]
    print_rows(rows, ("stage", "rule", "recipient", "answer", "ms", "reply"), as_json=False)
    say("")
    print_rows(said["recipients"], ("address", "verdict", "treatment", "rule", "reply"), as_json=False)
    say("")
    figures = ", ".join(f"{stage} {value:g} ms" for stage, value in said["milliseconds"].items())
    score = "" if said["score"] is None else f", score {said['score']:.1f}"
    detail = f" ({said['log']})" if said["log"] else ""
    say(f"{said['verdict']}{score}: {said['reply']}{detail}")
    say(f"time: {figures}")


@rule_app.command("show")
def show_rule(name: RuleName, as_json: AsJson = False) -> None:
    """One rule."""
    named = existing(next((one for one in table.ALL if one[1].name == name), None), "rule", name)
    (rule,) = _plain([named])
    print_one(rule if as_json else rule | {"thresholds": _figures(rule) or None}, as_json=as_json)


@rule_app.command("set")
def set_rule(
    name: RuleName,
    figures: Annotated[list[str] | None, typer.Argument(help="NAME=NUMBER, or NAME=default.")] = None,
    *,
    on: Annotated[bool | None, typer.Option("--on/--off", help="Ask the rule or not.")] = None,
    as_json: AsJson = False,
) -> None:
    """Switch a rule, or set its figures; the gate follows at once."""
    change_rule(
        actor=ROOT,
        rule=name,
        enabled=UNSET if on is None else on,
        thresholds=dict(map(_figure, figures)) if figures else UNSET,
    )
    show_rule(name, as_json=as_json)


def _figure(text: str) -> tuple[str, float | None]:
    name, _equals, value = text.partition("=")
    try:
        return name, None if value == "default" else float(value)
    except ValueError:
        raise CommandError(f"{text!r} is no figure; write NAME=NUMBER or NAME=default") from None


def _entry(network: str) -> NetworkEntry:
    return existing(visible_network_entries(OPERATOR).filter(network=network.strip()).first(), "entry for", network)


@networks_app.command("list")
def list_networks(as_json: AsJson = False) -> None:
    """All networks on the list."""
    rows = map(plain_network, visible_network_entries(OPERATOR))
    print_rows(rows, ("network", "action", "note", "created_at"), as_json=as_json)


@networks_app.command("add")
def add_network(network: Network, action: Action, note: Note = None, as_json: AsJson = False) -> None:
    """Put a network on the list."""
    created = create_network(actor=ROOT, network=network, action=action, note=note or "")
    print_one(plain_network(created), as_json=as_json)


@networks_app.command("change")
def change_one(network: Network, action: Action, note: Note = None, as_json: AsJson = False) -> None:
    """Change what becomes of a network on the list; it is written there as `networks list` shows it."""
    changed = change_network(actor=ROOT, entry=_entry(network), action=action, note=UNSET if note is None else note)
    print_one(plain_network(changed), as_json=as_json)


@networks_app.command("remove")
def remove_one(network: Network) -> None:
    """Take a network off the list; it is written there as `networks list` shows it."""
    say(remove_network(actor=ROOT, entry=_entry(network)))
