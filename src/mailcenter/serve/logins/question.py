"""What Dovecot's auth workers ask (`login.lua`) and are told: one line each, without I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

LONGEST = 16 * 1024
"""Bytes of a question's line; Dovecot itself takes no longer password."""
_FIELDS = 6


class BadQuestionError(ValueError):
    """The line is no question of ours."""


@dataclass(frozen=True, slots=True)
class Question:
    """One login. `program` is what an IMAP client said of itself before (RFC 2971), mostly nothing."""

    login: str
    password: str = field(repr=False)
    service: str
    address: str
    session: str
    program: str


@dataclass(frozen=True, slots=True)
class Answer:
    """`fields` are for Dovecot; a `reason` among them is read to people."""

    result: Literal["ok", "mismatch", "unknown", "refused", "unavailable"]
    fields: Mapping[str, str] = field(default_factory=dict)


def read_question(line: bytes) -> Question:
    """Raises BadQuestionError. What is no UTF-8 stands for a password that matches nothing."""
    parts = line.rstrip(b"\n").split(b"\t")
    if len(parts) != _FIELDS:
        raise BadQuestionError
    try:
        return Question(*(bytes.fromhex(part.decode("ascii")).decode("utf-8", "replace") for part in parts))
    except ValueError:
        raise BadQuestionError from None


def answer_line(answer: Answer) -> bytes:
    """The line that tells an answer."""
    told = [answer.result, *(f"{name}={value}" for name, value in answer.fields.items())]
    return ("\t".join(part.replace("\t", " ").replace("\n", " ") for part in told) + "\n").encode()
