"""Changes of the message, allowed only between its end and our final answer: one type per change (SMFIR_*)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mailcenter.milter.constants import Action
from mailcenter.milter.encode import INDEX, field_name, field_value, string
from mailcenter.milter.errors import LocalMilterError


@dataclass(frozen=True, slots=True)
class AddHeader:
    """Append a header field."""

    letter: ClassVar[bytes] = b"h"
    needs: ClassVar[Action] = Action.ADD_HEADERS
    name: bytes
    value: bytes

    def payload(self) -> bytes:
        return field_name(self.name) + field_value(self.value)


@dataclass(frozen=True, slots=True)
class InsertHeader:
    """Put a header field before the field at `index`; 0 is the top."""

    letter: ClassVar[bytes] = b"i"
    needs: ClassVar[Action] = Action.ADD_HEADERS
    index: int
    name: bytes
    value: bytes

    def payload(self) -> bytes:
        return INDEX.pack(self.index) + field_name(self.name) + field_value(self.value)


@dataclass(frozen=True, slots=True)
class ChangeHeader:
    """Replace the `index`-th field of this name, counted from 1; an empty value removes it."""

    letter: ClassVar[bytes] = b"m"
    needs: ClassVar[Action] = Action.CHANGE_HEADERS
    index: int
    name: bytes
    value: bytes

    def payload(self) -> bytes:
        if self.index < 1:
            raise LocalMilterError("fields of a name are counted from 1")
        return INDEX.pack(self.index) + field_name(self.name) + field_value(self.value)


@dataclass(frozen=True, slots=True)
class AddRecipient:
    """Add an envelope recipient; `path` with its angle brackets."""

    letter: ClassVar[bytes] = b"+"
    needs: ClassVar[Action] = Action.ADD_RECIPIENTS
    path: bytes

    def payload(self) -> bytes:
        return string(self.path)


@dataclass(frozen=True, slots=True)
class DeleteRecipient:
    """Take an envelope recipient away; `path` as it was in RCPT TO."""

    letter: ClassVar[bytes] = b"-"
    needs: ClassVar[Action] = Action.DELETE_RECIPIENTS
    path: bytes

    def payload(self) -> bytes:
        return string(self.path)


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Hold the message in the MTA's queue."""

    letter: ClassVar[bytes] = b"q"
    needs: ClassVar[Action] = Action.QUARANTINE
    reason: bytes

    def payload(self) -> bytes:
        return string(self.reason)


Modification = AddHeader | InsertHeader | ChangeHeader | AddRecipient | DeleteRecipient | Quarantine
