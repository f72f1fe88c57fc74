"""clamd's INSTREAM command (clamd(8)) over its unix socket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mailcenter.serve.gate.ports import UnavailableError
from mailcenter.serve.gate.unix import connect, together

_PART: Final = "clamd"
_LONGEST_ANSWER: Final = 4096
_CLEAN: Final = b"stream: OK"


class Clamd:
    """One scan per connection, as clamd wants it."""

    def __init__(self, socket: Path, name: str = _PART) -> None:
        self.name = name
        self._socket = socket

    async def scan(self, pieces: Iterator[bytes]) -> tuple[str, ...]:
        """The names of what was found in a message; empty when it is clean.

        Raises:
            UnavailableError: clamd is away, or gave no verdict.
        """
        reader, writer = await connect(self.name, self._socket)
        try:
            for part in together(_stream(pieces)):
                writer.write(part)
                await writer.drain()
            answer = await reader.read(_LONGEST_ANSWER)
            while answer and not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
                more = await reader.read(_LONGEST_ANSWER)
                if not more:
                    break
                answer += more
        except OSError as error:
            raise UnavailableError(self.name, f"connection broken: {error}") from None
        finally:
            writer.close()
        return read_answer(answer, self.name)


def _stream(pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield b"zINSTREAM\0"
    for piece in pieces:
        if piece:  # an empty part would end the stream
            yield len(piece).to_bytes(4, "big")
            yield piece
    yield b"\0\0\0\0"


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
