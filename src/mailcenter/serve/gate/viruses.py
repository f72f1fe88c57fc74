"""What a virus scanner is to the gate; and in which file of an infected message its finding is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final, Protocol

from mailcenter.attachments.findings import Limits
from mailcenter.attachments.item import Content as ItemContent
from mailcenter.attachments.names import shown
from mailcenter.attachments.parts import message_items
from mailcenter.serve.gate.content import Content
from mailcenter.serve.gate.ports import Infected, UnavailableError

MOST_PARTS: Final = 20
"""Parts of an infected message that are looked at one by one."""
_LONGEST_PART: Final = 32 * 2**20
_LOCATING_SECONDS: Final = 3.0


class VirusScanner(Protocol):
    """One scanner. `name` stands in the ledger and the metrics."""

    @property
    def name(self) -> str: ...

    async def scan(self, pieces: Iterable[bytes]) -> tuple[str, ...]:
        """The names of what was found in a message or file; empty when it is clean.

        Raises:
            UnavailableError: it is away, or gave no verdict.
        """


async def located(scanner: VirusScanner, content: Content, found: Sequence[str]) -> tuple[Infected, ...]:
    """The findings with the names of the files that they are in, where they can be told.

    Only infected messages come here. The scanner is asked again about each part by itself; where that fails or takes
    too long, the name stays empty, and the finding counts all the same.
    """
    names: dict[str, str] = {}
    give_up = time.monotonic() + _LOCATING_SECONDS
    try:
        async with asyncio.timeout(_LOCATING_SECONDS):
            parts = await asyncio.to_thread(_parts, b"".join(content.pieces()), give_up)
            for name, data in parts:
                for finding in await scanner.scan((data,)):
                    names.setdefault(finding, name)
                if names.keys() >= set(found):
                    break
    except (TimeoutError, UnavailableError):
        pass  # the mail is refused with what is known
    return tuple(Infected(finding, scanner.name, names.get(finding, "")) for finding in found)


def _parts(message: bytes, give_up: float) -> list[tuple[str, bytes]]:
    """The decoded parts of a message that have a name, with it."""
    parts: list[tuple[str, bytes]] = []
    left = _LONGEST_PART
    for item in islice(message_items(message, (), Limits()), 10 * MOST_PARTS):
        if len(parts) == MOST_PARTS or left <= 0 or time.monotonic() > give_up:
            break
        if item.open is None or not item.name:
            continue
        data = ItemContent(item.open()).whole(left)
        if data:
            parts.append((shown(item.name), data))
            left -= len(data)
    return parts
