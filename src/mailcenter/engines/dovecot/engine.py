"""How Dovecot is prepared, checked, started, reloaded and asked for its health."""

from __future__ import annotations

from mailcenter.engines.base import Directory, EngineError, Health, Program, RenderedFile
from mailcenter.engines.checker import run
from mailcenter.engines.dovecot.greeting import greeting
from mailcenter.engines.dovecot.render import rendered_files, scripts_of
from mailcenter.engines.log_file import ensure_log_file
from mailcenter.settings.identities import VMAIL_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

VERSION = "2.3."
_SCRIPT_EXTENSIONS = "+editheader +vnd.dovecot.environment +vnd.dovecot.pipe +imapsieve"

_CONFIG_REMEDY = (
    "a setting in mailcenter.toml leads to this; `mailcenter config check` names it, else report it as a fault of ours"
)


class Dovecot:
    """One instance with its own configuration, sockets and mailboxes."""

    name = "dovecot"
    packages: tuple[str, ...] = (
        "dovecot-auth-lua",
        "dovecot-core",
        "dovecot-imapd",
        "dovecot-lmtpd",
        "dovecot-managesieved",
        "dovecot-pgsql",
        "dovecot-pop3d",
        "dovecot-sieve",
        "lua-socket",
    )

    def directories(self, settings: Settings) -> list[Directory]:
        place = paths(settings)
        return [
            Directory(place.etc("dovecot")),
            Directory(place.etc("dovecot") / "sieve"),
            Directory(place.run("dovecot")),
            Directory(place.data("dovecot"), mode=0o750, group="dovecot"),
            Directory(place.mail, mode=0o750, owner=VMAIL_USER, group=VMAIL_USER),
            Directory(place.mail / settings.mail.default_store, mode=0o750, owner=VMAIL_USER, group=VMAIL_USER),
        ]

    def render(self, settings: Settings) -> list[RenderedFile]:
        return rendered_files(settings)

    def prepare(self, settings: Settings) -> None:
        """The log file is made here, so that the ledger may read it."""
        ensure_log_file(paths(settings).log("dovecot"))

    def check(self, settings: Settings) -> None:
        """Also compiles our Sieve scripts: mail processes may not write where it lies."""
        config = str(paths(settings).etc("dovecot") / "dovecot.conf")
        version = run(("dovecot", "--version"), failure="Dovecot does not start")
        if not version.startswith(VERSION):
            raise EngineError(
                f"Dovecot {version.split()[0]} is installed, but only 2.3 is known", "install Debian 12's"
            )
        said = run(
            ("doveconf", "-n", "-c", config),
            failure="Dovecot refuses its configuration",
            remedy=_CONFIG_REMEDY,
            with_stderr=True,
        )
        faults = [line for line in said.splitlines() if "Warning:" in line or "Error:" in line]
        if faults:
            raise EngineError(f"Dovecot warns about its configuration: {' | '.join(faults)}", _CONFIG_REMEDY)
        for script in scripts_of(settings):
            run(
                ("sievec", "-c", config, "-x", _SCRIPT_EXTENSIONS, str(script)),
                failure=f"{script.name} does not compile",
                remedy=_CONFIG_REMEDY,
            )

    def programs(self, settings: Settings) -> list[Program]:
        config = str(paths(settings).etc("dovecot") / "dovecot.conf")
        return [Program(name="dovecot", command=("/usr/sbin/dovecot", "-F", "-c", config), priority=50, own_log=True)]

    def reload(self, settings: Settings) -> None:
        config = str(paths(settings).etc("dovecot") / "dovecot.conf")
        run(("doveadm", "-c", config, "reload"), failure="Dovecot was not reloaded", remedy="mailcenter status")

    def health(self, settings: Settings) -> Health:
        return greeting(settings)
