"""center: our web application and REST API, under gunicorn behind nginx."""

from __future__ import annotations

import secrets

from mailcenter.engines.base import Directory, Health, Program, RenderedFile
from mailcenter.engines.own import own_environment, python
from mailcenter.engines.plain import PlainEngine, ask
from mailcenter.engines.template import render
from mailcenter.engines.write import write_file
from mailcenter.settings.identities import CENTER_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_WEB_GROUP = "www-data"


class Center(PlainEngine):
    name = "center"
    packages: tuple[str, ...] = ("gettext",)

    def directories(self, settings: Settings) -> list[Directory]:
        place = paths(settings)
        return [
            Directory(place.etc(self.name)),
            Directory(place.run(self.name), mode=0o750, owner=CENTER_USER, group=_WEB_GROUP),
            Directory(place.static),
        ]

    def render(self, settings: Settings) -> list[RenderedFile]:
        file = paths(settings).etc(self.name) / "gunicorn.conf.py"
        return [RenderedFile(file, render(__file__, "gunicorn.conf.py.j2", settings))]

    def prepare(self, settings: Settings) -> None:
        """Make the key that signs sessions and forms, once."""
        file = paths(settings).secrets / "center.key"
        content = file.read_text() if file.exists() else f"{secrets.token_urlsafe(48)}\n"
        write_file(RenderedFile(file, content, mode=0o640, group=CENTER_USER))

    def programs(self, settings: Settings) -> list[Program]:
        file = paths(settings).etc(self.name) / "gunicorn.conf.py"
        return [
            Program(
                self.name,
                python("gunicorn", f"--config={file}", "mailcenter.run.center:application"),
                user=CENTER_USER,
                # gunicorn gives the socket its own group.
                group=_WEB_GROUP,
                priority=40,
                environment=own_environment(settings),
                stop_seconds=35,
            )
        ]

    def health(self, settings: Settings) -> Health:
        question = f"GET /healthz HTTP/1.0\r\nHost: {settings.host_name}\r\nX-Forwarded-Proto: https\r\n\r\n"
        try:
            answer = ask(paths(settings).center_socket, question.encode("ascii"))
        except OSError as error:
            return Health(False, f"does not answer: {error}", f"read {paths(settings).log(self.name)}")
        status = answer.partition(b"\r\n")[0].decode("ascii", "replace")
        if " 200 " not in f"{status} ":
            return Health(False, f"answers {status}", f"read {paths(settings).log(self.name)}")
        return Health(True, f"{settings.web.workers} workers")


ENGINE = Center()
