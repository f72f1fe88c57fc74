"""What is asked of the DNS and what can come back. The asking itself is the caller's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["txt", "exists"]


@dataclass(frozen=True, slots=True)
class Question:
    """`txt`: the TXT records at `name`. `exists`: whether `name` exists at all, by a question of any type.

    A name that answers without records (NODATA) exists; only NXDOMAIN says that it does not (RFC 9989 section 3.2.13).
    """

    name: str
    kind: Kind = "txt"


@dataclass(frozen=True, slots=True)
class Answer:
    """`found` also stands for an answer without records. `texts`: each TXT record with its strings joined in order
    (RFC 9989 section 4.5), decoded so that no octet is lost (Latin-1 or surrogateescape)."""

    status: Literal["found", "no-domain", "temporary-failure"]
    texts: tuple[str, ...] = ()


NO_DOMAIN = Answer("no-domain")
TEMPORARY_FAILURE = Answer("temporary-failure")


def found(*texts: str) -> Answer:
    """The answer that holds these TXT records."""
    return Answer("found", texts)
