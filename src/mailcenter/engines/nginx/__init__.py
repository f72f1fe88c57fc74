"""nginx: the only door of the web: TLS, static files, and the way to the control center."""

from __future__ import annotations

import re
from ipaddress import ip_address

from mailcenter.certificates.inspect import host_names, read_certificate
from mailcenter.certificates.names import LABELS
from mailcenter.engines.base import Directory, Health, Program, RenderedFile
from mailcenter.engines.checker import run
from mailcenter.engines.nginx.probe import ProbeError, head
from mailcenter.engines.plain import PlainEngine
from mailcenter.engines.template import render
from mailcenter.engines.tls import certificate_files
from mailcenter.settings.identities import WEB_SERVER_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_HTTPS = 443
_NAME = re.compile(r"[a-z0-9.-]+\Z")
_CUSTOMER_LABELS = tuple(f"{label}." for label in LABELS)
_WORKER = WEB_SERVER_USER


class Nginx(PlainEngine):
    """The master runs as root to read the key and to bind low ports; the workers, who talk to the world, do not."""

    name = "nginx"
    packages: tuple[str, ...] = ("nginx-light",)

    def directories(self, settings: Settings) -> list[Directory]:
        place = paths(settings)
        return [
            Directory(place.etc(self.name)),
            Directory(place.run(self.name)),
            Directory(place.data(self.name), mode=0o700, owner=_WORKER, group=_WORKER),
        ]

    def render(self, settings: Settings) -> list[RenderedFile]:
        certificate, key = certificate_files(settings)
        content = render(
            __file__,
            "nginx.conf.j2",
            settings,
            addresses=[
                f"[{address}]" if ip_address(address).version == 6 else address for address in settings.listen.addresses
            ],
            port_suffix="" if settings.listen.https == _HTTPS else f":{settings.listen.https}",
            certificate=certificate,
            key=key,
            worker=_WORKER,
            names=_names(settings),
            customer_names="|".join(LABELS),
        )
        etc = paths(settings).etc(self.name)
        return [
            RenderedFile(etc / "nginx.conf", content),
            RenderedFile(etc / "discovery.conf", render(__file__, "discovery.conf.j2", settings)),
            RenderedFile(etc / "discovery-pages.conf", render(__file__, "discovery-pages.conf.j2", settings)),
            *(
                RenderedFile(
                    etc / f"later.{language}.html", render(__file__, "later.html.j2", settings, language=language)
                )
                for language in ("de", "en")
            ),
        ]

    def check(self, settings: Settings) -> None:
        run(self._command(settings, "-t", "-q"), failure="nginx refuses its configuration")

    def programs(self, settings: Settings) -> list[Program]:
        # SIGQUIT lets requests end first.
        return [Program(self.name, self._command(settings), priority=60, stop_signal="QUIT", stop_seconds=30)]

    def reload(self, settings: Settings) -> None:
        run(self._command(settings, "-s", "reload"), failure="nginx does not reload")

    def health(self, settings: Settings) -> Health:
        address = settings.listen.addresses[0]
        try:
            status = head(address, settings.listen.https, settings.host_name, "/healthz")
        except ProbeError as error:
            return Health(False, f"does not answer: {error}", f"read {paths(settings).log(self.name)}")
        if status != 200:
            return Health(False, f"answers {status}", "see whether `center` is healthy")
        return Health(True, f"https on port {settings.listen.https}")

    def _command(self, settings: Settings, *more: str) -> tuple[str, ...]:
        place = paths(settings)
        file = place.etc(self.name) / "nginx.conf"
        return ("/usr/sbin/nginx", "-c", str(file), "-p", str(place.data(self.name)), "-e", "stderr", *more)


def _names(settings: Settings) -> list[str]:
    """The host's, and those that would be looked for among the customers' though the server's own certificate has them.

    A wildcard stands for one label (RFC 9525 section 6.3); nginx's own would take names further below away, too.
    """
    try:
        found = host_names(read_certificate(certificate_files(settings)[0]))
    except (OSError, ValueError):
        found = []  # before the first `up`, and where the doctor tells of it
    spelled = [f"{label}.{name[2:]}" if name.startswith("*.") else name for name in found for label in LABELS]
    ours = [name for name in spelled if name.startswith(_CUSTOMER_LABELS) and _NAME.match(name)]
    return list(dict.fromkeys([settings.host_name, *ours]))


ENGINE = Nginx()
