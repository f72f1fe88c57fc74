"""A file inside an archive, as each reader hands it to the walk."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec


class Entry(msgspec.Struct, frozen=True):
    """`open` unpacks it in pieces; None where only its name is known. `unreadable` says why its content is not read.

    `claimed_size`: octets by the archive's own word, 0 where it has none.
    """

    name: str
    claimed_size: int = 0
    is_encrypted: bool = False
    open: Callable[[], Iterator[bytes]] | None = None
    unreadable: str = ""
