"""freshclam: fetches virus signatures into clamd's database directory, where `virus.update` is set."""

from __future__ import annotations

from mailcenter.engines.base import Directory, Health, Program, RenderedFile
from mailcenter.engines.clamd import USER
from mailcenter.engines.plain import PlainEngine
from mailcenter.engines.supervisor.client import NotRunningError, Supervisor
from mailcenter.engines.template import render
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_DATABASES = ("daily.cld", "daily.cvd")


class Freshclam(PlainEngine):
    name = "freshclam"
    packages: tuple[str, ...] = ("clamav-freshclam",)

    def directories(self, settings: Settings) -> list[Directory]:
        return [Directory(paths(settings).etc(self.name))] if settings.virus.update else []

    def render(self, settings: Settings) -> list[RenderedFile]:
        if not settings.virus.update:
            return []
        file = paths(settings).etc(self.name) / "freshclam.conf"
        return [RenderedFile(file, render(__file__, "freshclam.conf.j2", settings))]

    def programs(self, settings: Settings) -> list[Program]:
        if not settings.virus.update:
            return []
        file = paths(settings).etc(self.name) / "freshclam.conf"
        command = ("/usr/bin/freshclam", "--daemon", "--foreground", "--stdout", f"--config-file={file}")
        return [Program(self.name, command, user=USER, priority=25)]

    def health(self, settings: Settings) -> Health:
        """It runs; that the first signatures have not come yet is said, but is no fault: clamd works without."""
        if not settings.virus.update:
            return Health(True, "off (virus.update)")
        try:
            process = Supervisor(settings).processes().get(self.name)
        except NotRunningError as error:
            return Health(False, str(error), error.remedy)
        if process is None or process.state != "RUNNING":
            return Health(False, "does not run", f"read {paths(settings).log(self.name)}")
        fetched = any((paths(settings).data("clamd") / name).exists() for name in _DATABASES)
        return Health(True, "signatures are kept current" if fetched else "has not fetched signatures yet")


ENGINE = Freshclam()
