"""The bytes of each response, and the values that never go out."""

from __future__ import annotations

import struct

import pytest

from mailcenter.milter.constants import Action, MacroStage, Step
from mailcenter.milter.errors import LocalMilterError
from mailcenter.milter.modifications import (
    AddHeader,
    AddRecipient,
    ChangeHeader,
    DeleteRecipient,
    InsertHeader,
    Quarantine,
)
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

WRITTEN: list[tuple[Response, bytes]] = [
    (Continue(), b"c"),
    (Accept(), b"a"),
    (Reject(), b"r"),
    (TemporaryFailure(), b"t"),
    (Skip(), b"s"),
    (Progress(), b"p"),
    (ReplyCode(550, ("5.1.1 no",)), b"y550 5.1.1 no\0"),
    (ReplyCode(451, ("4.3.0 one", "4.3.0 two")), b"y451-4.3.0 one\r\n451 4.3.0 two\0"),
    (ReplyCode(550, ("100% of a%20b",)), b"y550 100%% of a%%20b\0"),
    (ReplyCode(550, ("ä",)), "y550 ä\0".encode()),
    (AddHeader(b"X-A", b" 1"), b"hX-A\0 1\0"),
    (InsertHeader(0, b"X-A", b" 1\n\t2"), b"i\0\0\0\0X-A\0 1\n\t2\0"),
    (ChangeHeader(2, b"X-A", b""), b"m\0\0\0\2X-A\0\0"),
    (AddRecipient(b"<a@b>"), b"+<a@b>\0"),
    (DeleteRecipient(b"<a@b>"), b"-<a@b>\0"),
    (Quarantine(b"why"), b"qwhy\0"),
    (Negotiated(Action.ADD_HEADERS, Step.SKIP), b"O" + struct.pack(">III", 6, 1, 0x400)),
    (
        Negotiated(Action.SET_MACROS, Step(0), {MacroStage.MAIL: ("i", "{auth_authen}")}),
        b"O" + struct.pack(">IIII", 6, 0x100, 0, 2) + b"i {auth_authen}\0",
    ),
]


@pytest.mark.parametrize(("response", "expected"), WRITTEN)
def test_bytes(response: Response, expected: bytes) -> None:
    assert response.letter + response.payload() == expected


@pytest.mark.parametrize(
    "response",
    [
        ReplyCode(250, ("2.0.0 fine",)),
        ReplyCode(600, ("x",)),
        ReplyCode(550, ()),
        ReplyCode(550, ("x",) * 33),
        ReplyCode(550, ("one\r\n250 two",)),
        ReplyCode(550, ("tab\there",)),
        ReplyCode(550, ("nul\0",)),
        ReplyCode(550, ("x" * 501,)),
        AddHeader(b"", b"1"),
        AddHeader(b"X:", b"1"),
        AddHeader(b"X A", b"1"),
        AddHeader("Ä".encode(), b"1"),
        AddHeader(b"X", b"1\nY: 2"),
        AddHeader(b"X", b"1\r\n 2"),
        AddHeader(b"X", b"1\n \n 2"),
        AddHeader(b"X", b"1\n"),
        AddHeader(b"X", b"1\0"),
        ChangeHeader(0, b"X", b""),
        AddRecipient(b"<a\0@b>"),
    ],
)
def test_never_goes_out(response: Response) -> None:
    with pytest.raises(LocalMilterError):
        response.payload()
