"""One connection of Postfix to the gate: bytes from the socket to the codec, events to the session, answers back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from mailcenter.milter.connection import MilterConnection
from mailcenter.milter.errors import MilterError
from mailcenter.milter.events import Event
from mailcenter.milter.responses import Continue, Response
from mailcenter.milter.states import State
from mailcenter.serve.gate.desk import Desk
from mailcenter.serve.gate.session import Session

READ_SIZE = 128 * 1024  # a body chunk of Postfix and its neighbours at once

log = logging.getLogger("gate")


class Connection:
    """Serves one connection until either side closes it."""

    def __init__(self, desk: Desk, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._codec = MilterConnection()
        self._session = Session(desk, client_gone=reader.at_eof)

    @property
    def busy(self) -> bool:
        """Whether a mail is on its way here."""
        return self._session.in_transaction

    async def serve(self) -> None:
        """Until the end; whatever ends it, an unfinished transaction is recorded."""
        try:
            while self._codec.state is not State.CLOSED and (data := await self._reader.read(READ_SIZE)):
                self._codec.receive(data)
                while (event := self._codec.next_event()) is not None:
                    if responses := await self._responses(event):
                        self._writer.write(b"".join(map(self._codec.send, responses)))
        except MilterError as error:
            log.error("connection closed: %s", error)
        except ConnectionError:
            log.info("Postfix closed the connection")
        finally:
            self._session.close()
            self._writer.close()

    async def _responses(self, event: Event) -> Sequence[Response]:
        try:
            responses = await self._session.handle(event)
        except MilterError:
            raise
        except Exception as error:
            log.exception("our own mistake at %s", type(event).__name__)
            responses = self._session.internal_failure(error)
        if not self._codec.answer_owed:
            return ()
        return responses or (Continue(),)
