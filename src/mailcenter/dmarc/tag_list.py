"""Tag lists of RFC 6376 section 3.2, at the letter: what a signature's field consists of."""

from __future__ import annotations

import re
from typing import Final

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_VALUE: Final = re.compile(r"[\x21-\x3a\x3c-\x7e \t\r\n]*\Z")


class TagListError(ValueError):
    """Not a tag list; `str()` says why."""


def parse_tag_list(value: str) -> dict[str, str]:
    """The tags by name, which is case-sensitive; values without white space.

    Raises:
        TagListError: with the reason.
    """
    parts = value.split(";")
    if len(parts) > 1 and not parts[-1].strip():
        parts.pop()  # the last one may be ended too
    tags: dict[str, str] = {}
    for part in parts:
        name, equals, text = part.partition("=")
        name = name.strip()
        if not equals or not _NAME.match(name) or not _VALUE.match(text):
            raise TagListError(f"no tag: {part.strip()[:40]!r}")
        if name in tags:
            raise TagListError(f"{name}= stands twice")
        tags[name] = "".join(text.split())
    return tags
