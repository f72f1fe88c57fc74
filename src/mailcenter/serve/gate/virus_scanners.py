"""The virus scanners that the configuration names: our own clamd, and those beside it."""

from __future__ import annotations

from mailcenter.serve.gate.clamd import Clamd
from mailcenter.serve.gate.command_scanner import CommandScanner
from mailcenter.serve.gate.viruses import VirusScanner
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings


def virus_scanners(settings: Settings) -> tuple[VirusScanner, ...]:
    """All that are asked about each mail, side by side."""
    place = paths(settings)
    found: list[VirusScanner] = [Clamd(place.clamd_socket)]
    for entry in settings.virus.scanners:
        if entry.clamd is not None:
            found.append(Clamd(entry.clamd, entry.name))
        else:
            found.append(
                CommandScanner(
                    entry.name,
                    entry.command,
                    clean=entry.clean,
                    infected=entry.infected,
                    pattern=entry.pattern,
                    concurrency=entry.concurrency,
                    timeout=entry.timeout,
                    folder=place.gate_scratch,
                )
            )
    return tuple(found)
