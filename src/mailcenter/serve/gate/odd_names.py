"""Asks the resolver about names that no host can have, as macros of SPF make them; c-ares refuses to."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass

from mailcenter.serve.gate.dns_wire import Kind, WireError, question, read_answer
from mailcenter.serve.gate.ports import UnavailableError


@dataclass(frozen=True, slots=True)
class OddNames:
    """`timeout`: seconds for one question, which is put once. Nothing is remembered: hardly anybody has such names."""

    address: str
    port: int
    timeout: float

    async def ask(self, name: str, kind: Kind) -> tuple[str, ...]:
        """The records, in the form of `spf.dns.Answer`.

        Raises:
            UnavailableError: no answer, or none that can be read.
        """
        asked = question(name, kind, secrets.randbits(16))
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[bytes] = loop.create_future()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Listener(answered), remote_addr=(self.address, self.port)
        )
        try:
            transport.sendto(asked)
            async with asyncio.timeout(self.timeout):
                return read_answer(await answered, asked, kind)
        except TimeoutError:
            raise UnavailableError("dns", f"{name} {kind}: no answer in {self.timeout:g} s") from None
        except (OSError, WireError) as error:
            raise UnavailableError("dns", f"{name} {kind}: {error}") from None
        finally:
            transport.close()


class _Listener(asyncio.DatagramProtocol):
    def __init__(self, answered: asyncio.Future[bytes]) -> None:
        self._answered = answered

    def datagram_received(self, data: bytes, addr: object) -> None:
        if not self._answered.done():
            self._answered.set_result(data)

    def error_received(self, exc: Exception) -> None:
        if not self._answered.done():
            self._answered.set_exception(exc)
