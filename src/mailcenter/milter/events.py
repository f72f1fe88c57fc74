"""What the MTA tells us: one type per command (SMFIC_*). Text of the SMTP client stays bytes; it can be anything."""

from __future__ import annotations

from typing import NamedTuple

from mailcenter.milter.constants import Action, Step


class Negotiate(NamedTuple):
    """The MTA offers its version, what we may do, and which steps can be left out."""

    version: int
    actions: Action
    steps: Step


class Macros(NamedTuple):
    """Values for the step that follows. Postfix sends some with each header field: they are read when asked for."""

    command: bytes
    payload: bytes

    def values(self) -> dict[str, str]:
        """By name, without the braces of long names. Bytes that are no UTF-8 show as replacement characters."""
        strings = self.payload.decode("utf-8", "replace").split("\0")
        names = (name.removeprefix("{").removesuffix("}") for name in strings[:-1:2])
        return dict(zip(names, strings[1::2], strict=True))


class Connect(NamedTuple):
    """A client connected. `family`: 4, 6, L (unix socket) or U (unknown, then `address` is empty)."""

    host_name: str
    family: str
    port: int
    address: str


class Helo(NamedTuple):
    """HELO or EHLO."""

    name: bytes


class Mail(NamedTuple):
    """MAIL FROM: the path as sent and its ESMTP parameters."""

    path: bytes
    parameters: tuple[bytes, ...]


class Rcpt(NamedTuple):
    """RCPT TO: the path as sent and its ESMTP parameters."""

    path: bytes
    parameters: tuple[bytes, ...]


class Data(NamedTuple):
    """DATA (or the first BDAT)."""


class Header(NamedTuple):
    """One header field, folded lines separated by LF; with HEADER_LEADING_SPACE the value starts as it stood."""

    name: bytes
    value: bytes


class EndOfHeaders(NamedTuple):
    """The empty line after the header."""


class Body(NamedTuple):
    """A part of the body, lines ended by CRLF."""

    chunk: bytes


class EndOfMessage(NamedTuple):
    """The message is complete; `chunk` may be the body's last part (Postfix never uses it)."""

    chunk: bytes


class Abort(NamedTuple):
    """The transaction is over without end of message (RSET, new EHLO), or is reset after its end."""


class Quit(NamedTuple):
    """The client is gone and the MTA closes."""


class QuitNewConnection(NamedTuple):
    """The client is gone; the MTA keeps this connection for the next one."""


class Unknown(NamedTuple):
    """A command that the MTA does not know."""

    command: bytes


Event = (
    Negotiate
    | Macros
    | Connect
    | Helo
    | Mail
    | Rcpt
    | Data
    | Header
    | EndOfHeaders
    | Body
    | EndOfMessage
    | Abort
    | Quit
    | QuitNewConnection
    | Unknown
)
