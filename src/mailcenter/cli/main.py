"""The `mailcenter` command: the table of all commands, each loaded only when it is called.

Loading late is not for speed alone: commands that use the directory import Django models, which needs a configuration
that can be read; `mailcenter init` and `--help` must work without one.
"""

from __future__ import annotations

import importlib
import os
from dataclasses import dataclass
from typing import Any

import django
import typer
from typer.core import TyperCommand, TyperGroup

from mailcenter.cli.errors import reported


@dataclass(frozen=True)
class Row:
    """One command: `module` exports `app: typer.Typer`.

    Where the module's app has a command or group called `name`, that is meant; else the app itself is the group.
    `models`: Django is set up before the module is loaded, so that it can import models and actions at its top.
    """

    name: str
    module: str
    help: str
    models: bool = False


COMMANDS: tuple[Row, ...] = (
    Row("up", "mailcenter.cli.platform", "Start the platform, or bring it in line with the configuration."),
    Row("down", "mailcenter.cli.platform", "Stop the platform."),
    Row("status", "mailcenter.cli.platform", "Show every process and its health."),
    Row("doctor", "mailcenter.cli.doctor", "Say what is wrong and how to mend it."),
    Row("info", "mailcenter.cli.platform", "Show addresses, ports and (in a demo) logins."),
    Row("demo", "mailcenter.cli.demo", "Fill and show the demo.", models=True),
    Row("init", "mailcenter.cli.init", "Write the configuration and the systemd unit of a server."),
    Row("config", "mailcenter.cli.config", "Check or show the configuration."),
    Row("organisation", "mailcenter.cli.organisation", "Organisations (customers).", models=True),
    Row("domain", "mailcenter.cli.domain", "Domains.", models=True),
    Row("mailbox", "mailcenter.cli.mailbox", "Mailboxes.", models=True),
    Row("alias", "mailcenter.cli.alias", "Aliases.", models=True),
    Row("sender", "mailcenter.cli.sender", "Lists of senders.", models=True),
    Row("gate", "mailcenter.cli.gate", "The gate: rules and networks.", models=True),
    Row("guard", "mailcenter.cli.guard", "Logins: who is locked out.", models=True),
    Row("report", "mailcenter.cli.report", "Reports of refused mail.", models=True),
    Row("user", "mailcenter.cli.user", "Users and their roles.", models=True),
    Row("password-policy", "mailcenter.cli.password_policy", "Strength of passwords.", models=True),
    Row("app-password", "mailcenter.cli.app_password", "Passwords of single devices.", models=True),
    Row("api-key", "mailcenter.cli.api_key", "Keys of the REST API.", models=True),
    Row("audit", "mailcenter.cli.audit", "Who changed what.", models=True),
    Row("trace", "mailcenter.cli.trace", "Tell the story of a mail.", models=True),
    Row("ledger", "mailcenter.cli.ledger", "Audit the ledger.", models=True),
)


def setup_django() -> None:
    """Make Django ready for this configuration; harmless when done before.

    Raises:
        SettingsError: the configuration cannot be used.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mailcenter.settings.django")
    django.setup()


def _load(row: Row) -> Any:
    if row.models:
        setup_django()
    command = typer.main.get_command(importlib.import_module(row.module).app)
    inner = getattr(command, "commands", {})
    return inner.get(row.name, command)


class _Later(TyperCommand):
    """Stands for a command of the table until it is called."""

    def __init__(self, row: Row) -> None:
        super().__init__(name=row.name, help=row.help, add_help_option=False)
        self._row = row

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        return _load(self._row).make_context(info_name, args, parent=parent, **extra)


class _Table(TyperGroup):
    """The group of all commands, in the table's order; reports their failures."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [row.name for row in COMMANDS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        row = next((row for row in COMMANDS if row.name == cmd_name), None)
        return _Later(row) if row else None

    def invoke(self, ctx: Any) -> Any:
        with reported():
            return super().invoke(ctx)


app = typer.Typer(cls=_Table, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def mailcenter() -> None:
    """A complete e-mail hosting platform; configured by $MAILCENTER_CONFIG, else /etc/mailcenter/mailcenter.toml."""
