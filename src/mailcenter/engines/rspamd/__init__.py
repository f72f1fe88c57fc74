"""Rspamd 3.4: the content score, and the SPF, DKIM, ARC and DMARC results. Unix sockets only."""

from __future__ import annotations

import os
from pathlib import Path

from mailcenter.engines.base import Directory, Health, Program, RenderedFile
from mailcenter.engines.checker import run
from mailcenter.engines.plain import PlainEngine, ask
from mailcenter.engines.rspamd.modules import modules_off
from mailcenter.engines.template import render
from mailcenter.settings.identities import GATE_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

USER = "_rspamd"
_PACKAGED = "/etc/rspamd/rspamd.conf"
_OVERRIDES = (
    "actions.conf",
    "arc.conf",
    "classifier-bayes.conf",
    "logging.inc",
    "multimap.conf",
    "options.inc",
    "phishing.conf",
    "redis.conf",
    "worker-controller.inc",
    "worker-normal.inc",
    "worker-proxy.inc",
)
_MERGED = ("rbl.conf",)
"""Those that change single rows of a packaged table, which an override would replace as a whole."""
_MOST_WORKERS = 8


class Rspamd(PlainEngine):
    """The packaged configuration with our overrides (LOCAL_CONFDIR); it takes changes by a restart.

    A hang-up signal reloads too, but scans in progress then last longer than a restart takes.
    """

    name = "rspamd"
    packages: tuple[str, ...] = ("rspamd",)

    def directories(self, settings: Settings) -> list[Directory]:
        place = paths(settings)
        return [
            Directory(place.etc(self.name)),
            Directory(place.etc(self.name) / "local.d"),
            Directory(place.etc(self.name) / "override.d"),
            Directory(place.data(self.name), mode=0o750, owner=USER, group=USER),
            # The scan socket inherits the gate's group; the controller's is for its owner only.
            Directory(place.run(self.name), mode=0o2750, owner=USER, group=GATE_USER),
            Directory(settings.cache_dir),
            Directory(hyperscan_cache(settings), mode=0o750, owner=USER, group=USER),
        ]

    def render(self, settings: Settings) -> list[RenderedFile]:
        etc = paths(settings).etc(self.name)
        off = modules_off(settings)
        files = [
            RenderedFile(
                etc / folder / name,
                render(__file__, f"{name}.j2", settings, cache=hyperscan_cache(settings), workers=_workers(settings)),
            )
            for folder, names in (("override.d", _OVERRIDES), ("local.d", _MERGED))
            for name in names
            if name.removesuffix(".conf") not in off
        ]
        files += [
            RenderedFile(etc / "override.d" / f"{name}.conf", f"# Off: {reason}.\nenabled = false;\n")
            for name, reason in sorted(off.items())
        ]
        return files

    def check(self, settings: Settings) -> None:
        run(
            ["/usr/bin/rspamadm", *self._variables(settings), "configtest", "-q", "-c", _PACKAGED],
            user=USER,
            failure="Rspamd refuses its configuration",
        )

    def programs(self, settings: Settings) -> list[Program]:
        command = ("/usr/bin/rspamd", "--no-fork", f"--config={_PACKAGED}", *self._variables(settings))
        return [Program(self.name, command, user=USER, priority=20, stop_seconds=20)]

    def health(self, settings: Settings) -> Health:
        try:
            answer = ask(paths(settings).rspamd_socket, b"GET /ping HTTP/1.0\r\n\r\n")
        except OSError as error:
            return Health(False, f"does not answer: {error}", f"read {paths(settings).log(self.name)}")
        status = answer.partition(b"\r\n")[0].decode("ascii", "replace")
        if " 200 " not in f"{status} ":
            return Health(False, f"answers {status!r}", f"read {paths(settings).log(self.name)}")
        return Health(True, f"{_workers(settings)} scan workers")

    def _variables(self, settings: Settings) -> tuple[str, ...]:
        place = paths(settings)
        values = {
            "DBDIR": place.data(self.name),
            "RUNDIR": place.run(self.name),
            "LOGDIR": place.state / "log",
            "LOCAL_CONFDIR": place.etc(self.name),
        }
        return tuple(f"--var={name}={value}" for name, value in values.items())


def hyperscan_cache(settings: Settings) -> Path:
    """Compiled expressions: making them takes most of a minute, and all states of a machine have the same."""
    return settings.cache_dir / "rspamd"


def _workers(settings: Settings) -> int:
    return 2 if settings.demo else max(1, min(_MOST_WORKERS, os.cpu_count() or 1))


ENGINE = Rspamd()
