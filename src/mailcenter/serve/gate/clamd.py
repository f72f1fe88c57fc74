"""clamd's INSTREAM command (clamd(8)) over its unix socket."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from mailcenter.serve.gate.ports import UnavailableError
from mailcenter.serve.gate.unix import exchange

_PART: Final = "clamd"
_LONGEST_ANSWER: Final = 4096
_CLEAN: Final = b"stream: OK"


class Clamd:
    """One scan per connection, as clamd wants it."""

    def __init__(self, socket: Path, name: str = _PART) -> None:
        self.name = name
        self._socket = socket

    async def scan(self, pieces: Iterable[bytes]) -> tuple[str, ...]:
        """The names of what was found in a message; empty when it is clean.

        Raises:
            UnavailableError: clamd is away, or gave no verdict.
        """
        answer = await exchange(
            self.name,
            self._socket,
            _stream(pieces),
            is_whole=lambda so_far: so_far[-1:] == b"\0",
            longest=_LONGEST_ANSWER,
        )
        return read_answer(answer, self.name)


def _stream(pieces: Iterable[bytes]) -> list[bytes]:
    """Each piece with its length before it; an empty one would end the stream."""
    parts = [b"zINSTREAM\0"]
    for piece in pieces:
        if piece:
            parts += (len(piece).to_bytes(4, "big"), piece)
    parts.append(b"\0\0\0\0")
    return parts


def read_answer(answer: bytes, part: str = _PART) -> tuple[str, ...]:
    """`stream: OK` is clean, `stream: NAME FOUND` names what was found.

    Raises:
        UnavailableError: anything else.
    """
    if answer[-1:] == b"\0":
        verdict = answer[:-1]
        if verdict == _CLEAN:
            return ()
        if verdict.startswith(b"stream: ") and verdict.endswith(b" FOUND"):
            name = verdict.removeprefix(b"stream: ").removesuffix(b" FOUND")
            return (name.decode("utf-8", "replace"),)
    raise UnavailableError(part, f"no verdict: {answer[:200]!r}")
