"""guard: our daemon against guessing, asked by Dovecot and the center at each login."""

from __future__ import annotations

import json
from secrets import token_hex

from mailcenter.engines.base import Directory, EngineError, Health, Program, RenderedFile
from mailcenter.engines.own import own_environment, python
from mailcenter.engines.plain import PlainEngine, ask
from mailcenter.engines.write import write_file
from mailcenter.settings.identities import CENTER_USER, GUARD_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_QUESTION = b"GET /health HTTP/1.1\r\nHost: guard\r\nConnection: close\r\n\r\n"


class Guard(PlainEngine):
    name = "guard"
    packages: tuple[str, ...] = ()

    def directories(self, settings: Settings) -> list[Directory]:
        return [Directory(paths(settings).run(self.name), mode=0o2750, owner=GUARD_USER, group=CENTER_USER)]

    def prepare(self, settings: Settings) -> None:
        """Make what Dovecot proves itself with, and the salt of passwords' digests, once."""
        place = paths(settings)
        key = place.guard_key.read_text("ascii").strip() if place.guard_key.exists() else token_hex(32)
        write_file(RenderedFile(place.guard_key, f"{key}\n", mode=0o640, group=GUARD_USER))
        if place.guard_for_dovecot.exists() and key in place.guard_for_dovecot.read_text("ascii"):
            return
        content = f"auth_policy_server_api_header = X-API-Key: {key}\nauth_policy_hash_nonce = {token_hex(16)}\n"
        write_file(RenderedFile(place.guard_for_dovecot, content, mode=0o640, group="dovecot"))

    def check(self, settings: Settings) -> None:
        database = settings.guard.country_database
        if database is not None and not database.is_file():
            raise EngineError(f"guard.country_database: there is no file {database}", "give another path, or none")

    def programs(self, settings: Settings) -> list[Program]:
        command = python("mailcenter.run.guard")
        return [Program(self.name, command, user=GUARD_USER, priority=40, environment=own_environment(settings))]

    def health(self, settings: Settings) -> Health:
        """That it answers, and that its memory does: else logins go on without a guard."""
        remedy = f"read {paths(settings).log(self.name)}"
        try:
            head, _, body = ask(paths(settings).guard_socket, _QUESTION).partition(b"\r\n\r\n")
            told = json.loads(body)
        except (OSError, ValueError) as error:
            return Health(False, f"logins are not guarded: it does not answer ({error})", remedy)
        if b" 200 " not in head.partition(b"\r\n")[0]:
            return Health(False, f"logins are not guarded: {told.get('error', 'no answer')} fails", remedy)
        waits = f"; the history of logins waits: {told['history']}" if told["history"] else ""
        return Health(True, f"{told['lockouts']} lockouts{waits}")


ENGINE = Guard()
