"""What a chain of ARC sets must look like before its signatures count (RFC 8617 sections 4 and 5.2).

The verifier checks the signatures, but passes over some of this.
"""

from __future__ import annotations

import binascii
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from mailcenter.dmarc.tag_list import TagListError, parse_tag_list

MOST_SETS: Final = 50  # section 4.2.1
LONGEST_FIELD: Final = 20_000  # characters
SHORTEST_RSA: Final = 128
"""Bytes of a signature by the shortest key that may be believed, of 1024 bits (RFC 8301 section 3.2)."""

_INSTANCE: Final = re.compile(r"\s*i\s*=\s*([1-9][0-9]?)\s*;", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[1-9][0-9]?\Z")
_DOMAIN: Final = re.compile(r"(?=.{1,253}\Z)(?:[A-Za-z0-9_-]{1,63}\.)+[A-Za-z0-9_-]{1,63}\Z")
_SELECTOR: Final = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\Z")
_ALGORITHMS: Final = frozenset({"rsa-sha256", "ed25519-sha256"})


class _FaultError(Exception):
    """What is wrong with the chain."""


def structural_fault(seals: Sequence[str], signatures: Sequence[str], results: Sequence[str]) -> str:
    """Why this chain fails whatever its signatures say, in words; empty where it may pass, or there is none.

    Takes the values of the ARC-Seal, ARC-Message-Signature and ARC-Authentication-Results fields, in any order.
    """
    try:
        _check(seals, signatures, results)
    except (_FaultError, TagListError) as fault:
        return str(fault)
    return ""


def _check(seals: Sequence[str], signatures: Sequence[str], results: Sequence[str]) -> None:
    fields = (*seals, *signatures, *results)
    if len(fields) > 3 * MOST_SETS:
        raise _FaultError(f"more than {MOST_SETS} sets")
    if any(len(field) > LONGEST_FIELD for field in fields):
        raise _FaultError("a field is too long")
    sealed = [_seal(value) for value in seals]
    signed = [_message_signature(value) for value in signatures]
    newest = max(len(sealed), len(signed), len(results))
    for name, instances in (
        ("ARC-Seal", [tags["i"] for tags in sealed]),
        ("ARC-Message-Signature", [tags["i"] for tags in signed]),
        ("ARC-Authentication-Results", [_instance(value) for value in results]),
    ):
        counts = Counter(map(int, instances))
        for number in range(1, newest + 1):
            if counts[number] != 1:
                raise _FaultError(f"{counts[number]} {name} fields of i={number}")
    for tags in sealed:
        if tags["cv"] != ("none" if tags["i"] == "1" else "pass"):
            raise _FaultError(f"cv={tags['cv'][:10]} at i={tags['i']}")


def _seal(value: str) -> dict[str, str]:
    tags = _signed_tags(value, ("cv",))
    if "h" in tags or "bh" in tags:  # section 4.1.3: it signs no other fields
        raise _FaultError("a seal with h= or bh=")
    tags["cv"] = tags["cv"].lower()
    return tags


def _message_signature(value: str) -> dict[str, str]:
    tags = _signed_tags(value, ("bh", "h"))
    if "arc-seal" in tags["h"].lower().split(":"):  # section 4.1.2
        raise _FaultError("a message signature over seals")
    return tags


def _signed_tags(value: str, more: tuple[str, ...]) -> dict[str, str]:
    tags = parse_tag_list(value)
    for name in ("i", "a", "b", "d", "s", *more):
        if name not in tags:
            raise _FaultError(f"{name}= is missing")
    if not _NUMBER.match(tags["i"]) or int(tags["i"]) > MOST_SETS:
        raise _FaultError("an instance without number")
    algorithm = tags["a"].lower()
    if algorithm not in _ALGORITHMS:
        raise _FaultError(f"a={tags['a'][:20]}")
    if not _DOMAIN.match(tags["d"]) or not _SELECTOR.match(tags["s"]):
        raise _FaultError("no names in d= and s=")
    try:
        signature = binascii.a2b_base64(tags["b"])
    except binascii.Error:
        raise _FaultError("b= is no base64") from None
    if len(signature) < (SHORTEST_RSA if algorithm == "rsa-sha256" else 64):
        raise _FaultError("the key is too short")
    return tags


def _instance(value: str) -> str:
    found = _INSTANCE.match(value)
    if found is None or int(found[1]) > MOST_SETS:
        raise _FaultError("authentication results without instance")
    return found[1]
