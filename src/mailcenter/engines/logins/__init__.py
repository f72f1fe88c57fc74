"""logins: our daemon that checks the passwords of mail programs, asked by Dovecot."""

from __future__ import annotations

from mailcenter.engines.base import Directory, Health, Program
from mailcenter.engines.own import own_environment, python
from mailcenter.engines.plain import PlainEngine, ask
from mailcenter.settings.identities import LOGINS_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings


class Logins(PlainEngine):
    name = "logins"
    packages: tuple[str, ...] = ()

    def directories(self, settings: Settings) -> list[Directory]:
        # The socket inherits the group of Dovecot's auth workers.
        return [Directory(paths(settings).run(self.name), mode=0o2750, owner=LOGINS_USER, group="dovecot")]

    def programs(self, settings: Settings) -> list[Program]:
        command = python("mailcenter.run.logins")
        return [Program(self.name, command, user=LOGINS_USER, priority=40, environment=own_environment(settings))]

    def health(self, settings: Settings) -> Health:
        """That it answers, and that the directory does."""
        remedy = f"read {paths(settings).log(self.name)}"
        try:
            answer = ask(paths(settings).logins_socket, b"health\n", end=b"\n")
        except OSError as error:
            return Health(False, f"mail programs cannot log in: it does not answer ({error})", remedy)
        if answer != b"ok\n":
            return Health(False, "mail programs cannot log in: the directory does not answer", remedy)
        return Health(True, "answers")


ENGINE = Logins()
