"""The gate's control socket: one question on one connection, what would become of a mail; root and the center may ask.

A line of JSON with the envelope and the message's size, the message, then a JSON object as the answer.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any, Final

from mailcenter.serve.gate.desk import Desk
from mailcenter.serve.gate.explain import MOST_RECIPIENTS, Asked, explain

LONGEST_LINE: Final = 64 * 1024
_READ_SECONDS: Final = 30.0

log = logging.getLogger("gate")


class Control:
    """Answers one question at a time, so that real mail is not held up. `most`: bytes of a message."""

    def __init__(self, desk: Desk, *, most: int) -> None:
        self._desk = desk
        self._most = most
        self._turn = asyncio.Lock()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            answer = await self._answer(reader)
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError) as error:
            log.info("a question was broken off: %s", error)
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> dict[str, Any]:
        try:
            async with asyncio.timeout(_READ_SECONDS):
                asked = await _read(reader, self._most)
        except (ValueError, TypeError, KeyError, TimeoutError) as error:
            return {"error": f"cannot be understood: {error!r}"}
        async with self._turn:
            try:
                return await explain(self._desk, asked)
            except Exception as error:
                log.exception("our own mistake in explaining a mail")
                return {"error": f"the gate failed: {type(error).__name__}"}


async def _read(reader: asyncio.StreamReader, most: int) -> Asked:
    values = json.loads(await reader.readline())
    size = int(values["size"])
    if not 0 <= size <= most:
        raise ValueError(f"a message of {size} bytes; at most {most} are taken")
    recipients = tuple(str(address) for address in values["rcpt_to"])
    if not 0 < len(recipients) <= MOST_RECIPIENTS:
        raise ValueError(f"{len(recipients)} recipients; 1 to {MOST_RECIPIENTS} are taken")
    return Asked(
        client=str(values["client"]),
        helo=str(values["helo"]),
        mail_from=str(values["mail_from"]),
        rcpt_to=recipients,
        login=str(values.get("login", "")),
        message=await reader.readexactly(size),
    )
