"""Which sessions have been silent for too long, by what their processes have read: without I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mailcenter.serve.logins.reads import Reads


class Silence:
    """`limits`: seconds by service, in Dovecot's name of it; sessions of another service last."""

    def __init__(self, limits: Mapping[str, float]) -> None:
        self._limits = limits
        self._since: dict[Reads, float] = {}

    def too_long(self, reads: Iterable[Reads], now: float) -> list[Reads]:
        """Those to be ended. Called with all sessions each time; `now` in seconds of any steady clock.

        Silence is counted from when it was first seen, so a session never ends too early.
        """
        self._since = {one: self._since.get(one, now) for one in reads if one.service in self._limits}
        return [one for one, since in self._since.items() if now - since >= self._limits[one.service]]
