"""Domain names as RFC 7208 takes them: which can be asked about, and how long ones are cut."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 253
_NAME: Final = re.compile(r"(?:[ -\-/-~]{1,63}\.)+[ -\-/-~]{1,63}\Z")


def is_askable(name: str) -> bool:
    """Whether a name is well-formed and of more than one label (section 4.3); an address literal is no name."""
    return len(name) <= LONGEST and _NAME.match(name) is not None and not name.startswith("[")


def cut(name: str) -> str:
    """The name without its last dot; of one that is too long as many labels as fit, from the right (section 7.3)."""
    name = name.removesuffix(".")
    while len(name) > LONGEST and "." in name:
        name = name.partition(".")[2]
    return name


def is_at_or_below(name: str, parent: str) -> bool:
    """Whether a name is this one or below it."""
    name, parent = name.lower(), parent.lower()
    return name == parent or name.endswith(f".{parent}")
