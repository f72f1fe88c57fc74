"""logins: our daemons that check the passwords of mail programs for Dovecot, and end sessions with their password."""

from __future__ import annotations

import time

from mailcenter.engines.base import Directory, Health, Program
from mailcenter.engines.heartbeat import heartbeat_of
from mailcenter.engines.own import own_environment, python
from mailcenter.engines.plain import PlainEngine, ask
from mailcenter.settings.identities import LOGINS_USER, VMAIL_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_LATE_SECONDS = 60.0


class Logins(PlainEngine):
    name = "logins"
    packages: tuple[str, ...] = ()

    def directories(self, settings: Settings) -> list[Directory]:
        # The socket inherits the group of Dovecot's auth workers.
        return [
            Directory(paths(settings).run(self.name), mode=0o2750, owner=LOGINS_USER, group="dovecot"),
            Directory(paths(settings).run("sessions"), owner=VMAIL_USER, group=VMAIL_USER),
            Directory(paths(settings).session_reads.parent, mode=0o750, group=VMAIL_USER),
        ]

    def programs(self, settings: Settings) -> list[Program]:
        own = own_environment(settings)
        return [
            Program(self.name, python("mailcenter.run.logins"), user=LOGINS_USER, priority=40, environment=own),
            Program("sessions", python("mailcenter.run.sessions"), user=VMAIL_USER, priority=55, environment=own),
        ]

    def health(self, settings: Settings) -> Health:
        """That it answers, and that the directory does."""
        remedy = f"read {paths(settings).log(self.name)}"
        try:
            answer = ask(paths(settings).logins_socket, b"health\n", end=b"\n")
        except OSError as error:
            return Health(False, f"mail programs cannot log in: it does not answer ({error})", remedy)
        if answer != b"ok\n":
            return Health(False, "mail programs cannot log in: the directory does not answer", remedy)
        try:
            age = time.time() - heartbeat_of(settings, "sessions").stat().st_mtime
        except OSError:
            age = _LATE_SECONDS
        if age >= _LATE_SECONDS:
            return Health(False, "sessions do not end with their password", f"read {paths(settings).log('sessions')}")
        return Health(True, "answers")


ENGINE = Logins()
