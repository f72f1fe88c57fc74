"""What most engines have in common, so that each folder says only what is its own."""

from __future__ import annotations

import socket
from pathlib import Path

from mailcenter.engines.base import Directory, Health, Program, RenderedFile
from mailcenter.engines.supervisor.client import Supervisor
from mailcenter.settings.model import Settings

HEALTH_SECONDS = 3.0
"""No health question takes longer."""


class PlainEngine:
    """An engine without files, without preparation, that takes changes by a restart; see `base.Engine`."""

    name = ""
    packages: tuple[str, ...] = ()

    def directories(self, settings: Settings) -> list[Directory]:
        return []

    def render(self, settings: Settings) -> list[RenderedFile]:
        return []

    def prepare(self, settings: Settings) -> None:
        return

    def check(self, settings: Settings) -> None:
        return

    def programs(self, settings: Settings) -> list[Program]:
        return []

    def reload(self, settings: Settings) -> None:
        for program in self.programs(settings):
            Supervisor(settings).restart(program.name)

    def health(self, settings: Settings) -> Health:
        raise NotImplementedError


def ask(path: Path, question: bytes, *, end: bytes = b"", limit: int = 65536) -> bytes:
    """Send a question to a daemon's unix socket and read its answer.

    Args:
        end: reading stops where this has come; empty: where the daemon closes.
        limit: bytes read at the most.

    Raises:
        OSError: nobody listens, or the answer takes longer than a health question may.
    """
    answer = b""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(HEALTH_SECONDS)
        connection.connect(str(path))
        connection.sendall(question)
        while len(answer) < limit and not (end and end in answer):
            part = connection.recv(4096)
            if not part:
                break
            answer += part
    return answer
