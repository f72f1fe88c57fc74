"""One milter connection as a state machine: bytes in, events out; responses in, bytes out."""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import Final

from mailcenter.milter.constants import LENGTH_BYTES, LONGEST_PACKET, Action, Step
from mailcenter.milter.decode import decode
from mailcenter.milter.errors import LocalMilterError, RemoteMilterError
from mailcenter.milter.events import Body, EndOfMessage, Event, Negotiate
from mailcenter.milter.modifications import (
    AddHeader,
    AddRecipient,
    ChangeHeader,
    DeleteRecipient,
    InsertHeader,
    Quarantine,
)
from mailcenter.milter.responses import Negotiated, Progress, Response, Skip
from mailcenter.milter.states import ENDING_ANSWERS, NO_REPLY_STEPS, TRANSITIONS, State

_LENGTH: Final = struct.Struct(">I")
_MODIFICATIONS: Final = (AddHeader, InsertHeader, ChangeHeader, AddRecipient, DeleteRecipient, Quarantine)


@lru_cache(maxsize=16)
def _answered(steps: Step) -> frozenset[type[Event]]:
    """The events that are answered where these steps are dispensed with."""
    return frozenset(kind for kind, step in NO_REPLY_STEPS.items() if not step & steps)


class MilterConnection:
    """Feed it with `receive`, take events with `next_event`, answer with `send`, and give its bytes to the MTA.

    An event that wants an answer (`answer_owed`) must be answered before the next one is taken.
    """

    def __init__(self) -> None:
        self._enter(State.NEW)
        self._buffer = b""
        self._start = 0
        self._owed: type[Event] | None = None
        self._fresh = State.READY
        self._actions = Action(0)
        self._answered = frozenset(NO_REPLY_STEPS)
        self._skip_agreed = False

    @property
    def state(self) -> State:
        """Where the connection stands."""
        return self._state

    def _enter(self, state: State) -> None:
        self._state = state
        self._allowed = TRANSITIONS[state]

    @property
    def answer_owed(self) -> bool:
        """Whether the last event still waits for an answer."""
        return self._owed is not None

    @property
    def waiting(self) -> int:
        """Bytes that have come and not been taken as events."""
        return len(self._buffer) - self._start

    def receive(self, data: bytes) -> None:
        """Take bytes as they come, in any portions."""
        left = self._buffer[self._start :]
        self._buffer = left + data if left else data
        self._start = 0

    def next_event(self) -> Event | None:
        """The next whole event, or None until more bytes have come.

        Raises:
            RemoteMilterError: the MTA broke the protocol; the connection must be closed.
            LocalMilterError: the event before has not been answered.
        """
        if self._owed is not None:
            raise LocalMilterError(f"{self._owed.__name__} has not been answered")
        packet = self._next_packet()
        if packet is None:
            return None
        event = decode(*packet)
        kind = type(event)
        after = self._allowed.get(kind)
        if after is None:
            raise RemoteMilterError(f"{kind.__name__} is not allowed in state {self._state.name}")
        if after is not self._state:
            self._enter(self._fresh if after is State.READY else after)
        if kind in self._answered:
            self._owed = kind
        return event

    def _next_packet(self) -> tuple[int, bytes] | None:
        """A whole packet's command letter and payload."""
        body = self._start + LENGTH_BYTES
        if len(self._buffer) < body:
            return None
        (length,) = _LENGTH.unpack_from(self._buffer, self._start)
        if not 1 <= length <= LONGEST_PACKET:
            raise RemoteMilterError(f"a packet of {length} bytes was announced")
        end = body + length
        if len(self._buffer) < end:
            return None
        self._start = end
        return self._buffer[body], self._buffer[body + 1 : end]

    def send(self, response: Response) -> bytes:
        """The bytes of an answer, or of a change of the message before the last answer.

        Raises:
            LocalMilterError: it is not allowed now; the state is unchanged and nothing must be sent.
        """
        if self._owed is None:
            raise LocalMilterError(f"nothing asks for {type(response).__name__}")
        payload = response.payload()
        if isinstance(response, _MODIFICATIONS):
            self._check_modification(response.needs)
        elif isinstance(response, Progress):
            self._check_end(response)
        elif isinstance(response, Negotiated):
            self._settle(response)
        else:
            self._answer(response)
        return (1 + len(payload)).to_bytes(LENGTH_BYTES, "big") + response.letter + payload

    def _check_end(self, response: Response) -> None:
        if self._owed is not EndOfMessage:
            raise LocalMilterError(f"{type(response).__name__} is allowed at the end of the message only")

    def _check_modification(self, needs: Action) -> None:
        if self._owed is not EndOfMessage:
            raise LocalMilterError("a message can be changed at its end only")
        if not self._actions & needs:
            raise LocalMilterError(f"{needs.name} was not negotiated")

    def _settle(self, response: Negotiated) -> None:
        if self._owed is not Negotiate:
            raise LocalMilterError("there is nothing to negotiate now")
        self._actions, self._owed = response.actions, None
        self._answered = _answered(response.steps)
        self._skip_agreed = bool(response.steps & Step.SKIP)
        if response.steps & Step.NO_CONNECT:
            self._fresh = State.SESSION
            self._enter(State.SESSION)

    def _answer(self, response: Response) -> None:
        owed = self._owed
        if owed is Negotiate:
            raise LocalMilterError("a negotiation is answered by Negotiated")
        if isinstance(response, Skip) and (owed is not Body or not self._skip_agreed):
            raise LocalMilterError("Skip answers a part of the body, where that was negotiated")
        if owed is EndOfMessage or isinstance(response, ENDING_ANSWERS.get(owed, ()) if owed else ()):
            self._enter(State.SESSION)
        self._owed = None
