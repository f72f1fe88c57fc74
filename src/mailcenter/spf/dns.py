"""What is asked of the DNS; the answer is a tuple of texts, empty for NXDOMAIN and for no such record alike."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal, TypeVar

T = TypeVar("T")

Kind = Literal["txt", "a", "aaaa", "mx", "ptr"]
Answer = tuple[str, ...]
"""`txt`: each record with its strings joined, as Latin-1. `a`, `aaaa`: addresses. `mx`, `ptr`: names."""


@dataclass(frozen=True, slots=True)
class Question:
    """`name`: a domain name without its last dot; of `ptr` the address itself."""

    kind: Kind
    name: str


Steps = Generator[Question, Answer, T]
"""Work that asks the DNS on its way to a `T`; where no answer comes, `TempError` is thrown into it."""
