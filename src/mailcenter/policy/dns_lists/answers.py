"""The question to a list about an address, and the weight of its answer (RFC 5782 sections 2.1 and 2.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from mailcenter.policy.client_network import parsed

_ERROR_PREFIX: Final = "127.255.255."
"""Answers that tell of a refused or wrong question: the lists' common use, as Spamhaus documents it."""
_ANY: Final = "127."


@dataclass(frozen=True, slots=True)
class DnsList:
    """`codes`: weights by answer, `*` for any octet; without any, each answer in 127/8 weighs `weight`."""

    zone: str
    kind: Literal["block", "allow"] = "block"
    weight: float = 1.0
    codes: tuple[tuple[str, float], ...] = ()

    def question(self, address: str) -> str:
        """The name to ask for: the octets (IPv4) or nibbles (IPv6) backwards, below the list's zone."""
        return f"{_backwards(address)}.{self.zone}"

    def weight_of(self, answers: Iterable[str]) -> float:
        """What the answer weighs; of several codes the heaviest counts. 0: not listed, or by no code that counts."""
        return max((self._weight(answer) for answer in answers), default=0.0)

    def _weight(self, answer: str) -> float:
        if not answer.startswith(_ANY) or answer.startswith(_ERROR_PREFIX):
            return 0.0  # outside 127/8: the zone has been given up, and whoever took it answers everything
        if not self.codes:
            return self.weight
        return max((weight for code, weight in self.codes if _matches(code, answer)), default=0.0)


def is_refusal(answers: Iterable[str]) -> bool:
    """Whether the list would not answer us: too many questions, or from an open resolver."""
    return any(answer.startswith(_ERROR_PREFIX) for answer in answers)


@lru_cache(maxsize=1024)
def _backwards(address: str) -> str:
    return parsed(address).reverse_pointer.removesuffix(".in-addr.arpa").removesuffix(".ip6.arpa")


def _matches(code: str, answer: str) -> bool:
    pairs = zip(code.split("."), answer.split("."), strict=True)
    return all(wanted in ("*", octet) for wanted, octet in pairs)
