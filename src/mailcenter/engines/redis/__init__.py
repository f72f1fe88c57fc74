"""Redis 7: short-lived state, and the words that Rspamd's Bayes filter has learned. Unix socket only."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from mailcenter.engines.base import Directory, Health, Program, RenderedFile
from mailcenter.engines.plain import PlainEngine, ask
from mailcenter.engines.template import fill, render
from mailcenter.engines.write import write_file
from mailcenter.settings.identities import GATE_USER, GUARD_REDIS_USER, GUARD_USER, REDIS_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_USER = "redis"
_CLIENTS = "mailcenter-redis"
"""Group of Rspamd, gate and guard, which may use the socket; it inherits the group from its set-group-id directory."""


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
        # Other rules must lead to a restart, and this file is what is compared.
        rules = sha256((Path(__file__).parent / "users.acl.j2").read_bytes()).hexdigest()[:16]
        content = render(__file__, "redis.conf.j2", settings, rules=rules)
        return [RenderedFile(paths(settings).etc(self.name) / "redis.conf", content, mode=0o640, group=_USER)]

    def prepare(self, settings: Settings) -> None:
        """Make the passwords of gate and guard, once, and let Redis know their digests."""
        place = paths(settings)
        digests = [
            _password_digest(place.redis_password, GATE_USER),
            _password_digest(place.guard_redis_password, GUARD_USER),
        ]
        write_file(RenderedFile(place.redis_users, users(*digests), mode=0o640, group=_USER))

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


def users(gate: str, guard: str) -> str:
    """The file of users: whoever comes without a name (Rspamd, health); gate and guard with their passwords' SHA-256.

    Each of these two reaches the keys that begin with its own letter only.
    """
    return fill(__file__, "users.acl.j2", users={REDIS_USER: ("g", gate), GUARD_REDIS_USER: ("a", guard)})


def _password_digest(file: Path, reader: str) -> str:
    password = file.read_text("ascii").strip() if file.exists() else token_hex(32)
    write_file(RenderedFile(file, f"{password}\n", mode=0o640, group=reader))
    return sha256(password.encode()).hexdigest()


ENGINE = Redis()
