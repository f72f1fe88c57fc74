"""Which reply of the table a text was: the ledger keeps what the sender was told, not the reply's name."""

from __future__ import annotations

import re
from string import Formatter
from typing import Final

from mailcenter.policy.replies import ALL, ReplyTemplate


def slug_of(name: str) -> str:
    """The reply's name as it stands in an address: `no-such-recipient`."""
    return name.lower().replace("_", "-")


BY_SLUG: Final[dict[str, str]] = {slug_of(name): name for name in ALL}
"""Names of the table by their form in addresses."""


def name_of(code: int, enhanced: str, text: str) -> str:
    """The name of the reply that has these codes and was filled in to this text; empty where it is none of ours."""
    for name, template, pattern in _PATTERNS:
        if (template.code, template.enhanced) == (code, enhanced) and pattern.match(text):
            return name
    return ""


def _literals(template: ReplyTemplate) -> list[str]:
    return [literal for literal, _, _, _ in Formatter().parse(template.text)]


def _pattern(template: ReplyTemplate) -> re.Pattern[str]:
    parts = Formatter().parse(template.text)
    return re.compile("".join(re.escape(literal) + (".*" if blank else "") for literal, blank, _, _ in parts) + r"\Z")


_PATTERNS: Final = sorted(
    ((name, template, _pattern(template)) for name, template in ALL.items()),
    key=lambda row: -len("".join(_literals(row[1]))),
)
"""Those that say most first, so that one with hardly any words of its own does not answer for others."""
