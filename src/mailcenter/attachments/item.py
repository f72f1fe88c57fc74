"""A file to be examined: where it was found, what it claims to be called, and how to get at its octets."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from mailcenter.attachments.findings import Reason
from mailcenter.attachments.unpack import Damaged


class Item(msgspec.Struct, frozen=True):
    """`names`: all claims, the best first. `open` gives the octets in pieces, once; None where there are none.

    `size_limit`: octets that may be read, None without limit (they are in memory already). `is_message`: declared as
    one, so its octets are a message, whatever they look like. `problem` was met on the way.
    """

    path: tuple[str, ...]
    names: tuple[str, ...] = ()
    open: Callable[[], Iterator[bytes]] | None = None
    size_limit: int | None = None
    claimed_size: int = 0
    is_message: bool = False
    is_encrypted: bool = False
    problem: Reason | None = None
    detail: str = ""

    @property
    def name(self) -> str:
        """The best claim, or empty."""
        return self.names[0] if self.names else ""


class Content:
    """The octets of an item: first its head, then, where that is worth it, all of them."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._taken = bytearray()
        self.damage = ""

    def head(self, count: int) -> bytes:
        """Up to `count` octets. What is damaged ends there; `damage` then says how.

        Raises:
            LimitReached: as unpacking does.
        """
        try:
            while len(self._taken) < count and (piece := next(self._pieces, None)) is not None:
                self._taken += piece
        except Damaged as damage:
            self.damage = str(damage) or "damaged"
        return bytes(self._taken[:count])

    def whole(self, limit: int | None) -> bytes | None:
        """All octets; None if they are more than `limit`."""
        data = self.head(1 << 62 if limit is None else limit + 1)
        return None if limit is not None and len(data) > limit else data
