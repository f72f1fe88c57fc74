"""clamd: the virus scanner, with an own small signature file so that it starts before the real ones have come."""

from __future__ import annotations

from pathlib import Path

from mailcenter.engines.base import Directory, Health, Program, RenderedFile
from mailcenter.engines.checker import run
from mailcenter.engines.clamd.signatures import local_signatures
from mailcenter.engines.plain import PlainEngine, ask
from mailcenter.engines.template import render
from mailcenter.settings.identities import GATE_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

USER = "clamav"


class Clamd(PlainEngine):
    """Settings are taken by a restart; new signatures by RELOAD, which freshclam sends."""

    name = "clamd"
    packages: tuple[str, ...] = ("clamav-daemon",)

    def directories(self, settings: Settings) -> list[Directory]:
        place = paths(settings)
        return [
            Directory(place.etc(self.name)),
            # freshclam writes here, under the same user.
            Directory(place.data(self.name), mode=0o700, owner=USER, group=USER),
            Directory(temporary(settings), mode=0o700, owner=USER, group=USER),
            # The socket inherits the group of the directory.
            Directory(place.run(self.name), mode=0o2750, owner=USER, group=GATE_USER),
        ]

    def render(self, settings: Settings) -> list[RenderedFile]:
        place = paths(settings)
        return [
            RenderedFile(place.etc(self.name) / "clamd.conf", render(__file__, "clamd.conf.j2", settings)),
            RenderedFile(place.data(self.name) / "mailcenter.ndb", local_signatures()),
        ]

    def check(self, settings: Settings) -> None:
        """clamd has no checking mode, but reads its configuration before it says its version; clamconf only warns."""
        run([*self._command(settings), "--version"], failure="clamd refuses its configuration")

    def programs(self, settings: Settings) -> list[Program]:
        command = (*self._command(settings), "--foreground")
        return [Program(self.name, command, user=USER, priority=20, stop_seconds=30, in_memory=temporary(settings))]

    def _command(self, settings: Settings) -> tuple[str, ...]:
        return ("/usr/sbin/clamd", f"--config-file={paths(settings).etc(self.name) / 'clamd.conf'}")

    def health(self, settings: Settings) -> Health:
        try:
            version = (
                ask(paths(settings).clamd_socket, b"zVERSION\0", end=b"\0").decode("utf-8", "replace").strip("\0\n")
            )
        except OSError as error:
            return Health(False, f"does not answer: {error}", f"read {paths(settings).log(self.name)}")
        if not version.startswith("ClamAV"):
            return Health(False, f"answers {version!r}", f"read {paths(settings).log(self.name)}")
        # "ClamAV 1.4.6/27500/Sat ...": without official signatures only the first part.
        parts = version.split("/")
        return Health(True, f"signatures {parts[1]} of {parts[2]}" if len(parts) == 3 else "local signatures only")


def temporary(settings: Settings) -> Path:
    """Where it keeps each message while it scans, and what it unpacks: in memory if possible, as half of a scan's time
    goes into files on disk that are gone a moment later.
    """
    return paths(settings).data(Clamd.name) / "tmp"


ENGINE = Clamd()
