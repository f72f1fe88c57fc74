"""What the newest ARC set of a message says (RFC 8617 section 4): who sealed it, and whether DMARC passed there.

Nothing is verified here; that the chain is intact is the verifier's word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from mailcenter.dmarc.evidence import ArcEvidence
from mailcenter.mail.domain import DomainError, lenient_domain

_COMMENT: Final = re.compile(r"\((?:[^()\\]|\\.)*\)", re.DOTALL)
_DMARC_PASS: Final = re.compile(r"\s*dmarc\s*=\s*pass(?![\w-])", re.IGNORECASE)
_HEADER_FROM: Final = re.compile(r"(?<![\w.-])header\.from\s*=\s*\"?(?:[^\s\";@]*@)?([^\s\";]+)", re.IGNORECASE)
LONGEST_FIELD: Final = 20_000  # characters that are looked at


def arc_evidence(
    seals: Iterable[str], results: Iterable[str], author_domain: str, *, is_intact: bool
) -> ArcEvidence | None:
    """The evidence of the newest set; None where there is none, or where it is not the only one of its number.

    `seals` and `results`: the values of the ARC-Seal and ARC-Authentication-Results fields.
    """
    sealed = [tags for seal in seals if (tags := _tags(seal[:LONGEST_FIELD])).get("i", "").isdecimal()]
    newest = max((int(tags["i"][:4]) for tags in sealed), default=0)
    of_newest = [tags for tags in sealed if int(tags["i"][:4]) == newest]
    if len(of_newest) != 1:
        return None
    texts = [text for value in results if (text := _results_of(value[:LONGEST_FIELD], newest))]
    passed = len(texts) == 1 and _author_passed(texts[0], author_domain)
    return ArcEvidence(is_intact, _domain(of_newest[0].get("d", "")), passed)


def _tags(value: str) -> dict[str, str]:
    """The tag list of RFC 6376 section 3.2, without white space."""
    pairs = (part.partition("=") for part in value.split(";"))
    return {name.strip().lower(): "".join(text.split()) for name, _, text in pairs}


def _results_of(value: str, instance: int) -> str:
    """The results of a field without its instance and authserv-id; empty where it has another instance."""
    plain = _COMMENT.sub(" ", value)
    head, _, rest = plain.partition(";")
    name, _, number = head.partition("=")
    if name.strip().lower() != "i" or number.strip() != str(instance):
        return ""
    return rest.partition(";")[2]


def _author_passed(results: str, author_domain: str) -> bool:
    passes = (part for part in results.split(";") if _DMARC_PASS.match(part))
    found = (_HEADER_FROM.search(part) for part in passes)
    return any(match is not None and _domain(match[1]) == author_domain for match in found)


def _domain(text: str) -> str:
    try:
        return lenient_domain(text.removesuffix("."))
    except DomainError:
        return ""
