"""gate: our milter, asked by Postfix at each step of the SMTP dialogue."""

from __future__ import annotations

import os
import struct

from mailcenter.engines.base import Directory, EngineError, Health, Program
from mailcenter.engines.own import own_environment, python
from mailcenter.engines.plain import PlainEngine, ask
from mailcenter.settings.identities import CENTER_USER, GATE_USER, LEDGER_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_POSTFIX_GROUP = "postfix"
_WEB_GROUP = "www-data"

# Milter option negotiation (libmilter/mfdef.h): version 6, all actions and no protocol steps left out offered.
_NEGOTIATE = b"O"
_OFFER = struct.pack("!IcIII", 13, _NEGOTIATE, 6, 0x1FF, 0)


class Gate(PlainEngine):
    name = "gate"
    packages: tuple[str, ...] = ()

    def directories(self, settings: Settings) -> list[Directory]:
        place = paths(settings)
        return [
            Directory(place.run(self.name), mode=0o2750, owner=GATE_USER, group=_POSTFIX_GROUP),
            # nginx reads the figures, and nobody else.
            Directory(place.metrics_socket.parent, mode=0o2750, owner=GATE_USER, group=_WEB_GROUP),
            Directory(place.metrics_folder, mode=0o700, owner=GATE_USER, group=GATE_USER),
            # The control socket inherits the center's group.
            Directory(place.gate_control_socket.parent, mode=0o2750, owner=GATE_USER, group=CENTER_USER),
            Directory(place.gate_scratch, mode=0o700, owner=GATE_USER, group=GATE_USER),
            Directory(place.ledger_spool.parent),
            # The gate appends, the ledger daemon takes; files inherit the ledger's group.
            Directory(place.ledger_spool, mode=0o2770, owner=GATE_USER, group=LEDGER_USER),
        ]

    def check(self, settings: Settings) -> None:
        """The commands of further virus scanners must be there: a mail could not be judged without them."""
        for scanner in settings.virus.scanners:
            if scanner.command and not os.access(scanner.command[0], os.X_OK):
                raise EngineError(
                    f"virus.scanners: {scanner.name}: {scanner.command[0]} cannot be run",
                    "install it, or correct the path",
                )

    def programs(self, settings: Settings) -> list[Program]:
        return [
            Program(
                self.name,
                python("mailcenter.run.gate"),
                user=GATE_USER,
                priority=40,
                environment=own_environment(settings) | _figures(settings),
                # Mails in the middle of their verdict are answered first.
                stop_seconds=int(settings.gate.filter_timeout) + 5,
            )
        ]

    def health(self, settings: Settings) -> Health:
        try:
            answer = ask(paths(settings).gate_socket, _OFFER, end=_NEGOTIATE)
        except OSError as error:
            return Health(False, f"does not answer: {error}", f"read {paths(settings).log(self.name)}")
        if answer[4:5] != _NEGOTIATE:
            return Health(False, "does not speak the milter protocol", f"read {paths(settings).log(self.name)}")
        workers = settings.gate.processes
        return Health(True, f"{workers} worker{'s' if workers > 1 else ''}")


def _figures(settings: Settings) -> dict[str, str]:
    """Tells prometheus-client that several processes count together; it looks when it is imported."""
    return {"PROMETHEUS_MULTIPROC_DIR": str(paths(settings).metrics_folder)} if settings.metrics.enabled else {}


ENGINE = Gate()
