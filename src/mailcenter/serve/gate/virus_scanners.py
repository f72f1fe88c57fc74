"""The virus scanners that the configuration names: our own clamd, and any beside it."""

from __future__ import annotations

from mailcenter.serve.gate.clamd import Clamd
from mailcenter.serve.gate.viruses import VirusScanner
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings


def virus_scanners(settings: Settings) -> tuple[VirusScanner, ...]:
    """All that are asked about each mail."""
    return (Clamd(paths(settings).clamd_socket),)
