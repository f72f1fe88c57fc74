"""The connection: every split of the bytes, every state with every event, every answer with every event."""

from __future__ import annotations

import itertools
import struct
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailcenter.milter.connection import MilterConnection
from mailcenter.milter.constants import LONGEST_PACKET, Action, Step
from mailcenter.milter.errors import LocalMilterError, RemoteMilterError
from mailcenter.milter.events import Body, EndOfMessage, Event, Mail, Negotiate, Rcpt
from mailcenter.milter.modifications import AddHeader, ChangeHeader, DeleteRecipient
from mailcenter.milter.responses import (
    Accept,
    Continue,
    Negotiated,
    Progress,
    Reject,
    ReplyCode,
    Response,
    Skip,
    TemporaryFailure,
)
from mailcenter.milter.states import ENDING_ANSWERS, NO_REPLY_STEPS, TRANSITIONS, State
from tests.unit.milter import packets

AGREED = Negotiated(Action.ADD_HEADERS | Action.CHANGE_HEADERS, Step.SKIP)

WAY: dict[State, list[bytes]] = {
    State.NEW: [],
    State.READY: [packets.NEGOTIATE],
    State.SESSION: [packets.NEGOTIATE, packets.CONNECT],
    State.ENVELOPE: [packets.NEGOTIATE, packets.CONNECT, packets.MAIL],
    State.HEADERS: [packets.NEGOTIATE, packets.CONNECT, packets.MAIL, packets.RCPT, packets.HEADER],
    State.BODY: [packets.NEGOTIATE, packets.CONNECT, packets.MAIL, packets.RCPT, packets.END_OF_HEADERS],
    State.CLOSED: [packets.QUIT],
}
"""How each state is reached; END is left out because nothing may come in it before our answer."""

SENT: dict[str, bytes] = {
    "Negotiate": packets.NEGOTIATE,
    "Macros": packets.MACROS,
    "Connect": packets.CONNECT,
    "Helo": packets.HELO,
    "Mail": packets.MAIL,
    "Rcpt": packets.RCPT,
    "Data": packets.DATA,
    "Header": packets.HEADER,
    "EndOfHeaders": packets.END_OF_HEADERS,
    "Body": packets.BODY,
    "EndOfMessage": packets.END_OF_MESSAGE,
    "Abort": packets.ABORT,
    "Quit": packets.QUIT,
    "QuitNewConnection": packets.QUIT_NEW_CONNECTION,
    "Unknown": packets.UNKNOWN,
}


def answer(connection: MilterConnection, event: Event) -> None:
    if connection.answer_owed:
        connection.send(AGREED if isinstance(event, Negotiate) else Continue())


def run(connection: MilterConnection, *portions: bytes) -> list[Event]:
    """Feed the bytes and answer everything with Continue."""
    events: list[Event] = []
    for portion in portions:
        connection.receive(portion)
        while (event := connection.next_event()) is not None:
            events.append(event)
            answer(connection, event)
    return events


def reach(state: State) -> MilterConnection:
    connection = MilterConnection()
    run(connection, *WAY[state])
    assert connection.state is state
    return connection


WHOLE = b"".join(packets.DIALOGUE)
EVENTS = run(MilterConnection(), WHOLE)


def test_dialogue_is_complete() -> None:
    assert [type(event).__name__ for event in EVENTS] == [
        "Negotiate", "Macros", "Connect", "Helo", "Mail", "Rcpt", "Data", "Header", "EndOfHeaders", "Body", "Body",
        "EndOfMessage", "Abort", "Quit",
    ]  # fmt: skip


@pytest.mark.parametrize("cut", range(len(WHOLE) + 1))
def test_every_split_in_two(cut: int) -> None:
    assert run(MilterConnection(), WHOLE[:cut], WHOLE[cut:]) == EVENTS


def test_byte_by_byte() -> None:
    assert run(MilterConnection(), *(WHOLE[at : at + 1] for at in range(len(WHOLE)))) == EVENTS


@given(st.lists(st.integers(0, len(WHOLE)), max_size=20))
def test_any_split(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(WHOLE)]
    assert run(MilterConnection(), *(WHOLE[a:b] for a, b in itertools.pairwise(edges))) == EVENTS


def test_tables_know_every_event() -> None:
    kinds = set(get_args(Event))
    assert set(SENT) == {kind.__name__ for kind in kinds}
    assert set(TRANSITIONS) == set(State)
    assert {kind for allowed in TRANSITIONS.values() for kind in allowed} == kinds
    assert set(ENDING_ANSWERS) < set(NO_REPLY_STEPS) < kinds


@pytest.mark.parametrize("kind", get_args(Event))
@pytest.mark.parametrize("state", WAY)
def test_every_event_in_every_state(state: State, kind: type[Event]) -> None:
    connection = reach(state)
    connection.receive(SENT[kind.__name__])
    after = TRANSITIONS[state].get(kind)
    if after is None:
        with pytest.raises(RemoteMilterError, match=state.name):
            connection.next_event()
        assert connection.state is state
    else:
        assert isinstance(connection.next_event(), kind)
        assert connection.state is after
        assert connection.answer_owed == (kind in NO_REPLY_STEPS)


FINAL: list[Response] = [Accept(), Reject(), TemporaryFailure(), ReplyCode(550, ("5.0.0 no",))]


@pytest.mark.parametrize("response", [Continue(), *FINAL], ids=lambda response: type(response).__name__)
@pytest.mark.parametrize("kind", sorted(set(NO_REPLY_STEPS) - {Negotiate}, key=str))
def test_every_answer_to_every_event(kind: type[Event], response: Response) -> None:
    state = next(state for state in (State.SESSION, State.READY, State.ENVELOPE) if kind in TRANSITIONS[state])
    connection = reach(state)
    connection.receive(SENT[kind.__name__])
    connection.next_event()
    connection.send(response)
    assert not connection.answer_owed
    if kind is EndOfMessage or isinstance(response, ENDING_ANSWERS.get(kind, ())):
        assert connection.state is State.SESSION
    else:
        assert connection.state is TRANSITIONS[state][kind]


@pytest.mark.parametrize("kind", sorted(set(NO_REPLY_STEPS) - {Negotiate, EndOfMessage}, key=str))
def test_no_answer_where_none_was_agreed(kind: type[Event]) -> None:
    connection = MilterConnection()
    connection.receive(packets.NEGOTIATE)
    connection.next_event()
    connection.send(Negotiated(Action(0), NO_REPLY_STEPS[kind]))
    state = next(state for state in (State.READY, State.SESSION, State.ENVELOPE) if kind in TRANSITIONS[state])
    run(connection, *WAY[state][1:], SENT[kind.__name__])
    with pytest.raises(LocalMilterError, match="nothing asks"):
        connection.send(Continue())


def test_refused_recipient_leaves_the_transaction_open() -> None:
    connection = reach(State.ENVELOPE)
    connection.receive(packets.RCPT + packets.RCPT)
    assert isinstance(connection.next_event(), Rcpt)
    connection.send(ReplyCode(550, ("5.1.1 no",)))
    assert isinstance(connection.next_event(), Rcpt)


def test_next_transaction_after_a_refused_one() -> None:
    connection = reach(State.SESSION)
    connection.receive(packets.MAIL + packets.ABORT + packets.MAIL)
    connection.next_event()
    connection.send(ReplyCode(550, ("5.7.1 no",)))
    connection.next_event()
    assert isinstance(connection.next_event(), Mail)


def test_kept_for_the_next_client() -> None:
    connection = reach(State.BODY)
    assert len(run(connection, packets.QUIT_NEW_CONNECTION, packets.MACROS, packets.CONNECT, packets.HELO)) == 4
    assert connection.state is State.SESSION


def test_connect_left_out() -> None:
    connection = MilterConnection()
    connection.receive(packets.NEGOTIATE)
    connection.next_event()
    connection.send(Negotiated(Action(0), Step.NO_CONNECT))
    assert len(run(connection, packets.HELO, packets.QUIT_NEW_CONNECTION, packets.HELO)) == 3
    assert connection.state is State.SESSION


def test_event_is_answered_before_the_next() -> None:
    connection = reach(State.SESSION)
    connection.receive(packets.MAIL + packets.RCPT)
    connection.next_event()
    with pytest.raises(LocalMilterError, match="Mail has not been answered"):
        connection.next_event()


@pytest.mark.parametrize("length", [0, LONGEST_PACKET + 1, 0xFFFFFFFF])
def test_announced_length_is_bounded(length: int) -> None:
    connection = MilterConnection()
    connection.receive(struct.pack(">I", length))
    with pytest.raises(RemoteMilterError, match="announced"):
        connection.next_event()


def test_longest_packet() -> None:
    connection = reach(State.BODY)
    chunk = b"x" * (LONGEST_PACKET - 1)
    connection.receive(packets.packet(b"B", chunk))
    assert connection.next_event() == Body(chunk)


def test_changes_only_at_the_end() -> None:
    connection = reach(State.ENVELOPE)
    connection.receive(packets.RCPT)
    connection.next_event()
    for early in (AddHeader(b"X", b"1"), Progress()):
        with pytest.raises(LocalMilterError, match="end"):
            connection.send(early)
    connection.send(Continue())
    connection.receive(packets.END_OF_MESSAGE)
    connection.next_event()
    assert connection.state is State.END
    for change in (AddHeader(b"X", b"1"), Progress(), ChangeHeader(1, b"X", b"")):
        assert connection.send(change)
        assert connection.answer_owed
    with pytest.raises(LocalMilterError, match="DELETE_RECIPIENTS"):
        connection.send(DeleteRecipient(b"<a@b>"))
    connection.send(Continue())
    with pytest.raises(LocalMilterError, match="nothing asks"):
        connection.send(AddHeader(b"X", b"1"))


def test_skip_answers_the_body_where_agreed() -> None:
    connection = reach(State.BODY)
    connection.receive(packets.BODY)
    connection.next_event()
    assert connection.send(Skip()) == b"\0\0\0\1s"
    connection.receive(packets.END_OF_MESSAGE)
    connection.next_event()
    with pytest.raises(LocalMilterError, match="Skip"):
        connection.send(Skip())


def test_negotiation_comes_first_and_once() -> None:
    connection = MilterConnection()
    connection.receive(packets.NEGOTIATE)
    connection.next_event()
    with pytest.raises(LocalMilterError, match="Negotiated"):
        connection.send(Continue())
    connection.send(AGREED)
    connection.receive(packets.CONNECT)
    connection.next_event()
    with pytest.raises(LocalMilterError, match="negotiate"):
        connection.send(AGREED)


def test_a_bad_answer_changes_nothing() -> None:
    connection = reach(State.SESSION)
    connection.receive(packets.MAIL)
    connection.next_event()
    with pytest.raises(LocalMilterError):
        connection.send(ReplyCode(250, ("fine",)))
    assert connection.answer_owed
    assert connection.state is State.ENVELOPE


@given(st.lists(st.sampled_from(sorted(SENT.values())), max_size=30), st.binary(max_size=20))
def test_any_order_ends_cleanly(order: list[bytes], rest: bytes) -> None:
    connection = MilterConnection()
    try:
        run(connection, *order, rest)
    except RemoteMilterError as error:
        assert str(error)  # noqa: PT017 - most orders are refused, and that is right
