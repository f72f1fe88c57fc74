"""Unbound: the validating resolver of all daemons, and the server of own zones for demos and tests."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from dns.rcode import Rcode
from dns.rdatatype import RdataType

from mailcenter.engines.accounts import primary_group_id, user_id
from mailcenter.engines.base import Directory, EngineError, Health, Program, RenderedFile
from mailcenter.engines.checker import run
from mailcenter.engines.plain import PlainEngine
from mailcenter.engines.template import render
from mailcenter.engines.unbound.question import QuestionError, ask
from mailcenter.engines.unbound.zones import hidden_defaults, zone_files, zones_directory
from mailcenter.engines.write import write_file
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_USER = "unbound"
_TRUST_ANCHOR = Path("/usr/share/dns/root.key")
_LOWEST_FREE_PORT = 1024
_RELOAD_SECONDS = 30.0
_PAUSE = 0.1


class Unbound(PlainEngine):
    name = "unbound"
    packages: tuple[str, ...] = ("unbound", "dns-root-data")

    def directories(self, settings: Settings) -> list[Directory]:
        place = paths(settings)
        return [
            Directory(place.etc(self.name)),
            # Unbound itself keeps the trust anchor current (RFC 5011).
            Directory(place.data(self.name), mode=0o700, owner=_USER, group=_USER),
            Directory(place.run(self.name), mode=0o750, owner=_USER, group=_USER),
            Directory(zones_directory(settings)),
        ]

    def render(self, settings: Settings) -> list[RenderedFile]:
        etc = paths(settings).etc(self.name)
        zones = zone_files(settings)
        configuration = render(
            __file__,
            "unbound.conf.j2",
            settings,
            zones=zones,
            unhidden=hidden_defaults([zone.name for zone in zones]),
            control=_control_socket(settings),
            local_forwarders=any(address.startswith(("127.", "::1")) for address in settings.dns.forwarders),
        )
        return [
            RenderedFile(etc / "unbound.conf", configuration),
            RenderedFile(etc / "offline-root.zone", render(__file__, "offline-root.zone.j2", settings)),
        ]

    def prepare(self, settings: Settings) -> None:
        anchor = paths(settings).data(self.name) / "root.key"
        if anchor.exists():
            return
        if not _TRUST_ANCHOR.exists():
            raise EngineError(f"there is no {_TRUST_ANCHOR}", "install the package dns-root-data")
        shutil.copyfile(_TRUST_ANCHOR, anchor)
        shutil.chown(anchor, user_id(_USER), primary_group_id(_USER))

    def check(self, settings: Settings) -> None:
        run(["/usr/sbin/unbound-checkconf", str(self._file(settings))], failure="Unbound refuses its configuration")

    def programs(self, settings: Settings) -> list[Program]:
        command = ("/usr/sbin/unbound", "-d", "-p", "-c", str(self._file(settings)))
        kept = ("net_bind_service",) if settings.dns.port < _LOWEST_FREE_PORT else ()
        return [Program(self.name, command, user=_USER, priority=10, capabilities=kept)]

    def reload(self, settings: Settings) -> None:
        """Read configuration and zones anew; zone files put in since the last start are served from now on."""
        for wanted in self.render(settings):
            write_file(wanted)
        self.check(settings)
        self._control(settings, "reload", failure="Unbound does not reload")
        self._wait_until_reloaded(settings)

    def health(self, settings: Settings) -> Health:
        """Whether it answers; that the world's name servers answer it is a question for `doctor`."""
        question = "health.invalid"  # RFC 6761 section 6.4: never exists, and Unbound knows without asking
        try:
            code, _ = ask(settings.dns.address, settings.dns.port, question, RdataType.A)
        except QuestionError as error:
            return Health(False, f"does not answer: {error}", f"read {paths(settings).log(self.name)}")
        if code != Rcode.NXDOMAIN:
            return Health(False, f"answers {question} with {code.name}", f"read {paths(settings).log(self.name)}")
        zones = len(zone_files(settings))
        return Health(True, f"{zones} own zones{', offline' if settings.dns.offline else ''}")

    def _wait_until_reloaded(self, settings: Settings) -> None:
        """Unbound says `ok` before it begins, and dies of a zone file that goes missing meanwhile.

        Whoever gets an answer after that is answered by the one that has read everything.
        """
        give_up = time.monotonic() + _RELOAD_SECONDS
        while True:
            try:
                return self._control(settings, "status", failure="Unbound does not come back from its reload")
            except EngineError:
                if time.monotonic() >= give_up:
                    raise
            time.sleep(_PAUSE)

    def _file(self, settings: Settings) -> Path:
        return paths(settings).etc(self.name) / "unbound.conf"

    def _control(self, settings: Settings, command: str, *, failure: str) -> None:
        run(["/usr/sbin/unbound-control", "-c", str(self._file(settings)), command], failure=failure, timeout=60)


def _control_socket(settings: Settings) -> Path:
    return paths(settings).run("unbound") / "control.sock"


ENGINE = Unbound()
