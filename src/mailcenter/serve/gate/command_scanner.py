"""A virus scanner that is a command, for makers without a daemon. It costs a process per mail: never a default."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

from mailcenter.attachments.findings import Limits
from mailcenter.attachments.item import Content as ItemContent
from mailcenter.attachments.parts import message_items
from mailcenter.serve.gate.ports import UnavailableError

FILE: Final = "{file}"
"""Stands in the command for the path of a file with the message; without it the message comes on stdin."""
PARTS: Final = "{parts}"
"""For the path of a folder with the message and its decoded parts, for what does not read mail."""
_MOST_PARTS: Final = 200
_LONGEST_PARTS: Final = 128 * 2**20
_LONGEST_OUTPUT: Final = 64 * 1024
_LONGEST_FINDING: Final = 100
_MOST_FINDINGS: Final = 10
_ENVIRONMENT: Final = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


class CommandScanner:
    """Runs a command for each mail, `concurrency` at a time, for `timeout` seconds at the most.

    A finding is the first group of each match of `pattern` in what it prints. An exit code in `infected` is one by
    itself; a code that is neither there nor in `clean` is no verdict.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        clean: Sequence[int],
        infected: Sequence[int],
        pattern: str,
        concurrency: int,
        timeout: float,
        folder: Path,
    ) -> None:
        self.name = name
        self._command = tuple(command)
        self._clean = frozenset(clean)
        self._infected = frozenset(infected)
        self._pattern = re.compile(pattern, re.MULTILINE) if pattern else None
        self._places = asyncio.Semaphore(concurrency)
        self._timeout = timeout
        self._folder = folder

    async def scan(self, pieces: Iterable[bytes]) -> tuple[str, ...]:
        """The findings; empty when it is clean.

        Raises:
            UnavailableError: it could not be started, took too long, or ended with an unknown code.
        """
        async with self._places:
            try:
                async with asyncio.timeout(self._timeout):
                    code, output = await self._run(pieces)
            except TimeoutError:
                raise UnavailableError(self.name, f"no verdict in {self._timeout:g} s") from None
            except OSError as error:
                raise UnavailableError(self.name, f"cannot be run: {error}") from None
        return self._verdict(code, output)

    async def _run(self, pieces: Iterable[bytes]) -> tuple[int, bytes]:
        words = " ".join(self._command)
        if PARTS in words:
            with tempfile.TemporaryDirectory(dir=self._folder, prefix="scan-") as folder:
                await asyncio.to_thread(_unpack, Path(folder), b"".join(pieces))
                return await self._execute([word.replace(PARTS, folder) for word in self._command], ())
        if FILE not in words:
            return await self._execute(self._command, pieces)
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix="scan-") as file:
            await asyncio.to_thread(_fill, file.name, pieces)
            return await self._execute([word.replace(FILE, file.name) for word in self._command], ())

    async def _execute(self, command: Sequence[str], pieces: Iterable[bytes]) -> tuple[int, bytes]:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=_ENVIRONMENT,
            cwd="/",
            start_new_session=True,
        )
        try:
            _, output = await asyncio.gather(_feed(process, pieces), _read(process))
            return await process.wait(), output
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # it leads a group of its own, its children included
                await process.wait()

    def _verdict(self, code: int, output: bytes) -> tuple[str, ...]:
        if code not in self._clean | self._infected:
            raise UnavailableError(self.name, f"ended with code {code}: {output[:200]!r}")
        text = output.decode("utf-8", "replace")
        found = [match[1] or "" for match in self._pattern.finditer(text)] if self._pattern else []
        names = list(dict.fromkeys(_name(finding) for finding in found if finding.strip()))
        if not names and code in self._infected:
            names = [self.name]
        return tuple(names[:_MOST_FINDINGS])


def _name(finding: str) -> str:
    """Fit for a reply: printable ASCII, bounded."""
    return re.sub(r"[^ -~]+", "?", finding.strip())[:_LONGEST_FINDING]


def _fill(path: str, pieces: Iterable[bytes]) -> None:
    with open(path, "wb") as file:
        file.writelines(pieces)


def _unpack(folder: Path, message: bytes) -> None:
    """The message, and what its transfer encodings hide; archives are the scanner's matter."""
    (folder / "message").write_bytes(message)
    left = _LONGEST_PARTS
    for number, item in enumerate(islice(message_items(message, (), Limits()), _MOST_PARTS)):
        data = ItemContent(item.open()).whole(left) if item.open is not None else None
        if data:
            (folder / f"part-{number:03}").write_bytes(data)
            left -= len(data)


async def _feed(process: asyncio.subprocess.Process, pieces: Iterable[bytes]) -> None:
    assert process.stdin is not None  # noqa: S101 - it is a pipe
    try:
        for part in pieces:
            if process.stdin.is_closing():
                break
            process.stdin.write(part)
            await process.stdin.drain()
    except (ConnectionError, RuntimeError):  # uvloop's word for a pipe that closed in this moment
        pass  # it has seen enough
    finally:
        process.stdin.close()


async def _read(process: asyncio.subprocess.Process) -> bytes:
    """What it prints, the first part of it; the rest is read so that it need not wait, and dropped."""
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    output = b""
    while part := await process.stdout.read(_LONGEST_OUTPUT):
        output += part[: _LONGEST_OUTPUT - len(output)]
    return output
