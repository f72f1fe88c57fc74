"""Numbers and letters of the milter protocol, by their names in libmilter without the prefixes."""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Final

VERSION: Final = 6
LENGTH_BYTES: Final = 4
LONGEST_PACKET: Final = 1 << 20
"""Bytes of one packet at the most. Postfix sends body chunks of 65535 and header fields up to `header_size_limit`
(102400 by default); a longer announcement is no milter protocol."""


class Action(IntFlag):
    """What the filter may do to a message (SMFIF_*)."""

    ADD_HEADERS = 0x01
    CHANGE_BODY = 0x02
    ADD_RECIPIENTS = 0x04
    DELETE_RECIPIENTS = 0x08
    CHANGE_HEADERS = 0x10
    QUARANTINE = 0x20
    CHANGE_FROM = 0x40
    ADD_RECIPIENTS_WITH_PARAMETERS = 0x80
    SET_MACROS = 0x100


class Step(IntFlag):
    """Which steps the MTA leaves out, or for which it waits for no reply (SMFIP_*)."""

    NO_CONNECT = 0x1
    NO_HELO = 0x2
    NO_MAIL = 0x4
    NO_RCPT = 0x8
    NO_BODY = 0x10
    NO_HEADERS = 0x20
    NO_END_OF_HEADERS = 0x40
    NO_REPLY_HEADER = 0x80
    NO_UNKNOWN = 0x100
    NO_DATA = 0x200
    SKIP = 0x400
    REFUSED_RECIPIENTS = 0x800
    NO_REPLY_CONNECT = 0x1000
    NO_REPLY_HELO = 0x2000
    NO_REPLY_MAIL = 0x4000
    NO_REPLY_RCPT = 0x8000
    NO_REPLY_DATA = 0x10000
    NO_REPLY_UNKNOWN = 0x20000
    NO_REPLY_END_OF_HEADERS = 0x40000
    NO_REPLY_BODY = 0x80000
    HEADER_LEADING_SPACE = 0x100000


class MacroStage(IntEnum):
    """For which step the MTA is asked to send which macros (SMFIM_*)."""

    CONNECT = 0
    HELO = 1
    MAIL = 2
    RCPT = 3
    DATA = 4
    END_OF_MESSAGE = 5
    END_OF_HEADERS = 6
