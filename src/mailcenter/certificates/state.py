"""How it is with the certificate of a name: what the daemon writes down, and the center and the doctor read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

LONGEST_DETAIL: Final = 300


class Problem(StrEnum):
    """What stands in the way of a certificate."""

    DNS = "dns"
    """The name does not lead to this platform."""
    REFUSED = "refused"
    """The authority refuses, in its words."""
    LIMITED = "limited"
    """The authority gives no more for a while."""
    UNREACHABLE = "unreachable"
    """The authority does not answer, or fails itself."""
    MISSING = "missing"
    """The operator's folder has none."""
    UNFIT = "unfit"
    """The one that came is for another name, has ended, or has another key."""
    OURS = "ours"
    """Something of this platform failed."""


@dataclass(frozen=True)
class State:
    """`until`: end of the certificate in force, None without one; `held_from`: the source it came from.

    `detail`: what whoever found the problem says.
    """

    name: str
    source: str
    until: datetime | None
    next_look: datetime
    problem: Problem | None = None
    detail: str = ""
    tries: int = 0
    held_from: str = ""

    def to_json(self) -> str:
        values = {
            "name": self.name,
            "source": self.source,
            "until": self.until and self.until.isoformat(),
            "next_look": self.next_look.isoformat(),
            "problem": self.problem,
            "detail": self.detail[:LONGEST_DETAIL],
            "tries": self.tries,
            "held_from": self.held_from,
        }
        return json.dumps(values) + "\n"


def read_state(folder: Path, name: str) -> State | None:
    """As last written; None where there is none, or it cannot be read."""
    try:
        found = json.loads((folder / f"{name}.json").read_text("utf-8"))
        return State(
            name=name,
            source=str(found["source"]),
            until=datetime.fromisoformat(found["until"]) if found["until"] else None,
            next_look=datetime.fromisoformat(found["next_look"]),
            problem=Problem(found["problem"]) if found["problem"] else None,
            detail=str(found["detail"]),
            tries=int(found["tries"]),
            held_from=str(found["held_from"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
