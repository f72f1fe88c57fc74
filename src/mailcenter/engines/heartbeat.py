"""Health by a sign of life: JSON that the daemon writes every few seconds."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from mailcenter.engines.base import Health
from mailcenter.engines.plain import PlainEngine
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings


def heartbeat_of(settings: Settings, program: str) -> Path:
    """Where this program of ours leaves its sign of life."""
    return paths(settings).run(program) / "heartbeat"


def made_anew(settings: Settings, program: str) -> int:
    """When this program last made its table of Postfix's anew (ns since the epoch); 0: never, or it does not say."""
    try:
        return int(json.loads(heartbeat_of(settings, program).read_text())["made"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


class HeartbeatEngine(PlainEngine):
    """A daemon of ours. `late_seconds`: the age from which its sign of life counts no more."""

    late_seconds = 60.0

    def health(self, settings: Settings) -> Health:
        remedy = f"read {paths(settings).log(self.name)}"
        heartbeat = heartbeat_of(settings, self.name)
        try:
            age = time.time() - heartbeat.stat().st_mtime
            judged = self.judge(settings, json.loads(heartbeat.read_text()), remedy)
        except FileNotFoundError:
            return Health(False, "has not begun", remedy)
        except (OSError, ValueError, KeyError, TypeError) as fault:
            return Health(False, f"its heartbeat cannot be read: {fault}", remedy)
        if age > self.late_seconds:
            return Health(False, f"no heartbeat for {age:.0f} seconds", remedy)
        return judged

    def judge(self, settings: Settings, said: dict[str, Any], remedy: str) -> Health:
        """What the heartbeat says. May raise ValueError, KeyError, TypeError where it is none."""
        raise NotImplementedError
