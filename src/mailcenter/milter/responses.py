"""What we answer (SMFIR_*): one type per response, each able to write its own packet payload.

Discard has no type here: what we do not want is refused, never dropped silently.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from typing import ClassVar, Final

from mailcenter.milter.constants import VERSION, Action, MacroStage, Step
from mailcenter.milter.encode import INDEX, string
from mailcenter.milter.errors import LocalMilterError
from mailcenter.milter.modifications import Modification

_NEGOTIATION: Final = struct.Struct(">III")
_REPLY_LINE: Final = re.compile(r"[ -~\x80-\U0010ffff]*\Z")
LONGEST_REPLY_LINE: Final = 500  # octets, RFC 5321 section 4.5.3.1.5 with code and CRLF is 512
MOST_REPLY_LINES: Final = 32


@dataclass(frozen=True, slots=True)
class Continue:
    """Go on."""

    letter: ClassVar[bytes] = b"c"

    def payload(self) -> bytes:
        return b""


@dataclass(frozen=True, slots=True)
class Accept:
    """Take the message (or, at connect and HELO, all of this connection) without asking us again."""

    letter: ClassVar[bytes] = b"a"

    def payload(self) -> bytes:
        return b""


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse with the MTA's own 5xx text."""

    letter: ClassVar[bytes] = b"r"

    def payload(self) -> bytes:
        return b""


@dataclass(frozen=True, slots=True)
class TemporaryFailure:
    """Defer with the MTA's own 4xx text."""

    letter: ClassVar[bytes] = b"t"

    def payload(self) -> bytes:
        return b""


@dataclass(frozen=True, slots=True)
class ReplyCode:
    """Refuse or defer with our own reply; `lines` are the texts after the code, enhanced code included."""

    letter: ClassVar[bytes] = b"y"
    code: int
    lines: tuple[str, ...]

    def payload(self) -> bytes:
        if not 400 <= self.code <= 599:
            raise LocalMilterError(f"{self.code} neither refuses nor defers")
        if not 1 <= len(self.lines) <= MOST_REPLY_LINES:
            raise LocalMilterError("a reply has one to 32 lines")
        for line in self.lines:
            if not _REPLY_LINE.match(line) or len(line.encode()) > LONGEST_REPLY_LINE:
                raise LocalMilterError(f"not a line of a reply: {line!r}")
        last = len(self.lines) - 1
        text = "\r\n".join(f"{self.code}{' ' if at == last else '-'}{line}" for at, line in enumerate(self.lines))
        return string(text.replace("%", "%%").encode())  # the MTA reads it as a format, as smfi_setreply(3) warns


@dataclass(frozen=True, slots=True)
class Skip:
    """Send no more of the body: go on to the end of the message."""

    letter: ClassVar[bytes] = b"s"

    def payload(self) -> bytes:
        return b""


@dataclass(frozen=True, slots=True)
class Progress:
    """Still at work: the MTA starts its time limit anew."""

    letter: ClassVar[bytes] = b"p"

    def payload(self) -> bytes:
        return b""


@dataclass(frozen=True, slots=True)
class Negotiated:
    """Our part of the negotiation: what we may do, which steps we do without, which macros we want per stage."""

    letter: ClassVar[bytes] = b"O"
    actions: Action
    steps: Step
    macros: dict[MacroStage, tuple[str, ...]] = field(default_factory=dict)
    version: int = VERSION

    def payload(self) -> bytes:
        lists = b"".join(
            INDEX.pack(stage) + string(" ".join(names).encode("ascii")) for stage, names in self.macros.items()
        )
        return _NEGOTIATION.pack(self.version, self.actions, self.steps) + lists


Verdict = Continue | Accept | Reject | TemporaryFailure | ReplyCode
"""Answers that end a step."""

Response = Negotiated | Verdict | Skip | Progress | Modification
