"""Redis 7: short-lived state, and the words that Rspamd's Bayes filter has learned. Unix socket only."""

from __future__ import annotations

from mailcenter.engines.base import Directory, Health, Program, RenderedFile
from mailcenter.engines.plain import PlainEngine, ask
from mailcenter.engines.template import render
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_USER = "redis"
_CLIENTS = "mailcenter-redis"
"""Group of Rspamd and the gate, which may use the socket; it inherits the group from its set-group-id directory."""


class Redis(PlainEngine):
    """Redis has no checker: a wrong configuration shows as a failing start. It cannot reload either."""

    name = "redis"
    packages: tuple[str, ...] = ("redis-server",)

    def directories(self, settings: Settings) -> list[Directory]:
        place = paths(settings)
        return [
            Directory(place.etc(self.name)),
            Directory(place.data(self.name), mode=0o700, owner=_USER, group=_USER),
            Directory(place.run(self.name), mode=0o2750, owner=_USER, group=_CLIENTS),
        ]

    def render(self, settings: Settings) -> list[RenderedFile]:
        content = render(__file__, "redis.conf.j2", settings)
        return [RenderedFile(paths(settings).etc(self.name) / "redis.conf", content, mode=0o640, group=_USER)]

    def programs(self, settings: Settings) -> list[Program]:
        command = ("/usr/bin/redis-server", str(paths(settings).etc(self.name) / "redis.conf"))
        return [Program(self.name, command, user=_USER, priority=10, stop_seconds=30)]

    def health(self, settings: Settings) -> Health:
        remedy = f"read {paths(settings).log(self.name)}"
        try:
            answer = ask(paths(settings).redis_socket, b"INFO persistence\r\nQUIT\r\n").decode("utf-8", "replace")
        except OSError as error:
            return Health(False, f"does not answer: {error}", remedy)
        if "loading:1" in answer:
            return Health(False, "is still reading its data")
        if "aof_last_write_status:ok" not in answer:
            return Health(False, "cannot write its data", f"{remedy}; is the disk full?")
        return Health(True, "answers")


ENGINE = Redis()
