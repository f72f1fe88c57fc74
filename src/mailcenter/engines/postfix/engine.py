"""How Postfix is prepared, checked, started, reloaded and asked for its health."""

from __future__ import annotations

from pathlib import Path

from mailcenter.engines.base import Directory, EngineError, Health, Program, RenderedFile
from mailcenter.engines.checker import run
from mailcenter.engines.log_file import ensure_log_file
from mailcenter.engines.postfix.greeting import greeting
from mailcenter.engines.postfix.render import LMTP_LINK, has_dns, rendered_files
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

INTERNAL_SERVICE = "mailbox-submit"
"""The one smtpd without the gate: a unix socket for what mailboxes send by themselves."""

MASTER = "/usr/lib/postfix/sbin/master"

_HARMLESS = ("disabling IPv6 name/address support",)
"""Warnings that are no fault of the configuration."""

_CONFIG_REMEDY = (
    "a setting in mailcenter.toml leads to this; `mailcenter config check` names it, else report it as a fault of ours"
)


class Postfix:
    """One instance with its own configuration, queue and data."""

    name = "postfix"
    packages: tuple[str, ...] = ("postfix", "postfix-pgsql", "ca-certificates")

    def directories(self, settings: Settings) -> list[Directory]:
        place = paths(settings)
        return [
            Directory(place.etc("postfix")),
            Directory(queue_directory(settings)),
            Directory(place.data("postfix"), mode=0o700, owner="postfix"),
        ]

    def render(self, settings: Settings) -> list[RenderedFile]:
        return rendered_files(settings)

    def prepare(self, settings: Settings) -> None:
        """postlogd would make its file unreadable for the ledger, so it finds one made here."""
        place = paths(settings)
        ensure_log_file(place.log("postfix"))
        link = queue_directory(settings) / LMTP_LINK
        if not link.is_symlink() or link.readlink() != place.lmtp_socket:
            link.unlink(missing_ok=True)
            link.symlink_to(place.lmtp_socket)

    def check(self, settings: Settings) -> None:
        if not has_dns(settings) and not settings.dns.offline:
            raise EngineError(
                f"dns.port: is {settings.dns.port}, but Postfix can ask a resolver on port 53 only",
                "set dns.port = 53 with a loopback address of its own, such as 127.0.0.53",
            )
        etc = str(paths(settings).etc("postfix"))
        for arguments in (("postconf", "-c", etc, "-n"), ("postconf", "-c", etc, "-M")):
            said = run(arguments, failure="Postfix refuses its configuration", remedy=_CONFIG_REMEDY, with_stderr=True)
            _no_warnings(said)
        _gate_stands_before_all(etc)
        _no_warnings(
            run(
                ("postfix", "-c", etc, "check"),
                failure="Postfix refuses its configuration",
                remedy=_CONFIG_REMEDY,
                with_stderr=True,
            )
        )

    def programs(self, settings: Settings) -> list[Program]:
        etc = paths(settings).etc("postfix")
        return [
            Program(
                name="postfix",
                command=(str(etc / "start"),) if has_dns(settings) else (MASTER, "-d"),
                environment={"MAIL_CONFIG": str(etc), "MAIL_LOGTAG": "postfix"},
                priority=60,
                own_log=True,
                children_end=True,
                stop_seconds=20,
            )
        ]

    def reload(self, settings: Settings, *, timeout: float = 60.0) -> None:
        """`timeout`: seconds."""
        etc = str(paths(settings).etc("postfix"))
        command = ("postfix", "-c", etc, "reload")
        run(command, failure="Postfix was not reloaded", remedy="mailcenter status", timeout=timeout)

    def health(self, settings: Settings) -> Health:
        return greeting(settings)


def queue_directory(settings: Settings) -> Path:
    """Where the queue lies: it is data that must be kept."""
    return paths(settings).data("postfix-queue")


def _no_warnings(output: str) -> None:
    """Postfix warns about unused or misspelt parameters and goes on; for a rendered file that is a fault."""
    faults = [
        line.partition("warning: ")[2]
        for line in output.splitlines()
        if "warning:" in line and not any(harmless in line for harmless in _HARMLESS)
    ]
    if faults:
        raise EngineError(f"Postfix warns about its configuration: {' | '.join(faults)}", _CONFIG_REMEDY)


def _gate_stands_before_all(etc: str) -> None:
    """Port 25 relies on the gate to refuse relaying, so a configuration without it must never be loaded."""
    services = run(("postconf", "-c", etc, "-M"), failure="Postfix refuses its configuration")
    overrides = run(("postconf", "-c", etc, "-P"), failure="Postfix refuses its configuration")
    for line in services.splitlines():
        name, kind, *_ = line.split()
        if line.split()[7] != "smtpd" or name == INTERNAL_SERVICE:
            continue
        if f"{name}/{kind}/smtpd_milters = unix:" not in overrides:
            raise EngineError(f"the service {name} would accept mail without the gate", "report it as a fault of ours")
