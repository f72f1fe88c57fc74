"""The order in which things may happen on a milter connection, as data.

One connection carries one SMTP session (or several, one after the other, if the MTA keeps it: QuitNewConnection), a
session carries any number of transactions, a transaction at most one message:

    NEW --Negotiate--> READY --Connect--> SESSION --Mail--> ENVELOPE --Header--> HEADERS --EndOfHeaders/Body--> BODY
                                             ^                 |                    |                            |
                                             |                 +--EndOfMessage------+--EndOfMessage--> END <-----+
                                             +-- our answer at the end, a final answer before it, or Abort

Where it was agreed that Connect is left out, SESSION stands for READY.
Three things move the state: the MTA's events (TRANSITIONS), our answers that end a transaction early (ENDING_ANSWERS),
and our answer to EndOfMessage. The MTA waits for one answer to each event of NO_REPLY_STEPS, unless it was agreed that
none is given (the flag beside it); Macros, Abort, Quit and QuitNewConnection are never answered. A refusal of RCPT
concerns that recipient alone, and one at Connect or Helo makes the MTA refuse on its own: neither changes the state.
Changes of the message and Progress are allowed in END only; Skip only as the answer to a Body chunk.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from mailcenter.milter.constants import Step
from mailcenter.milter.events import (
    Abort,
    Body,
    Connect,
    Data,
    EndOfHeaders,
    EndOfMessage,
    Event,
    Header,
    Helo,
    Macros,
    Mail,
    Negotiate,
    Quit,
    QuitNewConnection,
    Rcpt,
    Unknown,
)
from mailcenter.milter.responses import Accept, Reject, ReplyCode, Response, TemporaryFailure


class State(Enum):
    """Where a connection stands."""

    NEW = auto()
    READY = auto()
    SESSION = auto()
    ENVELOPE = auto()
    HEADERS = auto()
    BODY = auto()
    END = auto()
    CLOSED = auto()


_LEAVING: Final[dict[type[Event], State]] = {Quit: State.CLOSED, QuitNewConnection: State.READY}

TRANSITIONS: Final[dict[State, dict[type[Event], State]]] = {
    State.NEW: {Negotiate: State.READY, Quit: State.CLOSED},
    State.READY: _LEAVING | {Macros: State.READY, Connect: State.SESSION, Abort: State.READY},
    State.SESSION: _LEAVING
    | {
        Macros: State.SESSION,
        Helo: State.SESSION,
        Unknown: State.SESSION,
        Mail: State.ENVELOPE,
        Abort: State.SESSION,  # Postfix sends one after each message as well
    },
    State.ENVELOPE: _LEAVING
    | {
        Macros: State.ENVELOPE,
        Helo: State.ENVELOPE,  # EHLO ends the transaction, but Postfix says Abort only afterwards
        Unknown: State.ENVELOPE,
        Rcpt: State.ENVELOPE,
        Data: State.ENVELOPE,
        Header: State.HEADERS,
        EndOfHeaders: State.BODY,
        Body: State.BODY,
        EndOfMessage: State.END,
        Abort: State.SESSION,
    },
    State.HEADERS: _LEAVING
    | {
        Macros: State.HEADERS,
        Header: State.HEADERS,
        EndOfHeaders: State.BODY,
        Body: State.BODY,
        EndOfMessage: State.END,
        Abort: State.SESSION,
    },
    State.BODY: _LEAVING | {Macros: State.BODY, Body: State.BODY, EndOfMessage: State.END, Abort: State.SESSION},
    State.END: {},
    State.CLOSED: {},
}
"""The state after an event; an event that does not stand here is the MTA's mistake."""

NO_REPLY_STEPS: Final[dict[type[Event], Step]] = {
    Negotiate: Step(0),
    Connect: Step.NO_REPLY_CONNECT,
    Helo: Step.NO_REPLY_HELO,
    Mail: Step.NO_REPLY_MAIL,
    Rcpt: Step.NO_REPLY_RCPT,
    Data: Step.NO_REPLY_DATA,
    Header: Step.NO_REPLY_HEADER,
    EndOfHeaders: Step.NO_REPLY_END_OF_HEADERS,
    Body: Step.NO_REPLY_BODY,
    EndOfMessage: Step(0),
    Unknown: Step.NO_REPLY_UNKNOWN,
}
"""The events that are answered, each with the step by which its answer is dispensed with."""

_FINAL: Final[tuple[type[Response], ...]] = (Accept, Reject, TemporaryFailure, ReplyCode)

ENDING_ANSWERS: Final[dict[type[Event], tuple[type[Response], ...]]] = {
    Mail: _FINAL,
    Rcpt: (Accept,),
    Data: _FINAL,
    Header: _FINAL,
    EndOfHeaders: _FINAL,
    Body: _FINAL,
}
"""The answers after which the MTA asks no more about this transaction."""
