"""One question to the resolver by TCP (RFC 7766): for an answer too long for UDP."""

from __future__ import annotations

import asyncio
import secrets

from mailcenter.serve.gate import dns_wire
from mailcenter.serve.gate.dns_wire import Kind, MalformedError, Reply


async def answer(place: tuple[str, int], question: bytes, kind: Kind, *, seconds: float) -> Reply | str:
    """The answer, or why there is none: also where it is given up. `seconds`: for everything."""
    try:
        async with asyncio.timeout(seconds):
            reply = dns_wire.read(await _exchange(place, question), question, kind)
    except TimeoutError:
        return f"no answer by TCP in {seconds:g} s"
    except (OSError, EOFError, MalformedError) as error:
        return str(error)
    except asyncio.CancelledError:
        return "given up"
    return reply if reply.code in dns_wire.CERTAIN else f"the server says {reply.code}"


async def _exchange(place: tuple[str, int], question: bytes) -> bytes:
    """Each message has its length before it."""
    reader, writer = await asyncio.open_connection(*place)
    try:
        data = dns_wire.message(secrets.randbits(16), question)
        writer.write(len(data).to_bytes(2, "big") + data)
        return await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
    finally:
        writer.close()
