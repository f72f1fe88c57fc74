"""One connection of Postfix to the gate: bytes from the socket to the codec, events to the session, answers back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final, cast

from mailcenter.milter.connection import MilterConnection
from mailcenter.milter.errors import MilterError
from mailcenter.milter.events import EndOfMessage, Event, Mail, Rcpt
from mailcenter.milter.responses import Continue, Response
from mailcenter.milter.states import State
from mailcenter.serve.gate.desk import Desk
from mailcenter.serve.gate.session import Inquiry, Session

MOST_WAITING: Final = 2**20
"""Bytes that may wait while an inquiry is open; Postfix sends none then."""

log = logging.getLogger("gate")


class Connection(asyncio.Protocol):
    """Serves one connection until either side closes it.

    What needs nobody else is done as the bytes come; only an inquiry has a task, and what comes meanwhile waits.
    `ended` is called once at the end.
    """

    def __init__(self, desk: Desk, ended: Callable[[Connection], None] = lambda connection: None) -> None:
        self._codec = MilterConnection()
        self._session = Session(desk, client_gone=lambda: self._is_gone)
        self._ended = ended
        self._transport: asyncio.Transport | None = None
        self._asking: asyncio.Task[None] | None = None
        self._is_gone = False
        self._is_leaving = False

    def leave(self) -> None:
        """Close at once, or as soon as no mail is on its way any more."""
        self._is_leaving = True
        if not self._session.in_transaction:
            self._close()

    def abort(self) -> None:
        """Close now; a mail on its way is recorded as given up."""
        if self._asking is not None:
            self._asking.cancel()
        self._close()

    # --- asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # a stream's, but uvloop's have no such base

    def data_received(self, data: bytes) -> None:
        self._codec.receive(data)
        if self._asking is None:
            self._go_on()
        elif self._codec.waiting > MOST_WAITING and self._transport is not None:
            self._transport.pause_reading()

    def connection_lost(self, error: Exception | None) -> None:
        self._is_gone = True
        if error is not None:
            log.info("Postfix closed the connection")
        if self._asking is None:
            self._close()

    # --- the dialogue

    def _go_on(self) -> None:
        inquiry = self._next_inquiry()
        if inquiry is not None:
            self._asking = asyncio.create_task(self._ask(inquiry))

    async def _ask(self, inquiry: Inquiry) -> None:
        asked: Inquiry | None = inquiry
        try:
            while asked is not None:
                self._send(await self._answer(asked))
                asked = self._next_inquiry()
        except MilterError as error:
            self._break_off(error)
        finally:
            self._asking = None
            if self._is_gone:
                self._close()
            elif self._transport is not None and not self._transport.is_reading():
                self._transport.resume_reading()

    async def _answer(self, inquiry: Inquiry) -> Sequence[Response]:
        try:
            return await self._session.answer(inquiry)
        except Exception as error:
            return self._own_mistake(inquiry, error)

    def _next_inquiry(self) -> Inquiry | None:
        """Take what has come up to the next question to others; None where nothing is left, or all is over."""
        try:
            while (event := self._codec.next_event()) is not None:
                if isinstance(event, Mail | Rcpt | EndOfMessage):
                    return event
                self._send(self._noted(event))
        except MilterError as error:
            self._break_off(error)
        if self._codec.state is State.CLOSED or (self._is_leaving and not self._session.in_transaction):
            self._close()
        return None

    def _noted(self, event: Event) -> Sequence[Response]:
        try:
            return self._session.note(event)
        except MilterError:
            raise
        except Exception as error:
            return self._own_mistake(event, error)

    def _own_mistake(self, event: Event, error: Exception) -> Sequence[Response]:
        log.error("our own mistake at %s", type(event).__name__, exc_info=error)
        return self._session.internal_failure(error)

    def _send(self, responses: Sequence[Response]) -> None:
        """Give the answer, where one is owed."""
        if self._codec.answer_owed:
            answer = b"".join(map(self._codec.send, responses or (Continue(),)))
            if self._transport is not None and not self._is_gone:
                self._transport.write(answer)

    def _break_off(self, error: MilterError) -> None:
        log.error("connection closed: %s", error)
        self._close()

    def _close(self) -> None:
        """Record what was left unfinished, and hang up."""
        transport, self._transport = self._transport, None
        if transport is not None:
            self._session.close()
            transport.close()
            self._ended(self)
