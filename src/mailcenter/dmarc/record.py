"""Read a DMARC policy record: the text of a TXT record at `_dmarc.DOMAIN` (RFC 9989 sections 4.7 and 4.8)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from mailcenter.dmarc.report_uri import ReportUri, read_uris
from mailcenter.dmarc.words import Alignment, Policy, Psd

LONGEST_RECORD: Final = 65_535  # octets; no TXT record can be longer (RFC 1035 section 3.2.1)

_BLANKS: Final = " \t"
_TAG_NAME: Final = re.compile(r"[A-Za-z]+\Z")
_PRINTABLE: Final = re.compile(r"[\x20-\x3a\x3c-\x7e]+\Z")

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Record:
    """One policy record with its defaults filled in; `sp` and `np` are None where the record has none.

    `policy_is_invalid` stands for a `p`, `sp` or `np` whose value is none of the three. `errors` are words for the
    report's `error` element.
    """

    text: str
    p: Policy = Policy.NONE
    sp: Policy | None = None
    np: Policy | None = None
    testing: bool = False
    psd: Psd = Psd.UNKNOWN
    adkim: Alignment = Alignment.RELAXED
    aspf: Alignment = Alignment.RELAXED
    rua: tuple[ReportUri, ...] = ()
    ruf: tuple[ReportUri, ...] = ()
    fo: tuple[str, ...] = ("0",)
    policy_is_invalid: bool = False
    errors: tuple[str, ...] = ()

    @property
    def is_applicable(self) -> bool:
        """Whether DMARC is applied at all: an invalid policy without a `rua` switches it off (section 4.10.1)."""
        return not self.policy_is_invalid or bool(self.rua)


def is_record(text: str) -> bool:
    """Whether a TXT record is a DMARC policy record: its first tag is `v`, its value exactly `DMARC1` (section 4.7)."""
    name, equals, value = text.partition(";")[0].partition("=")
    return bool(equals) and name.rstrip(_BLANKS) in {"v", "V"} and value.strip(_BLANKS) == "DMARC1"


def parse_record(text: str) -> Record | None:
    """Read a record; None where it is not one of DMARC's.

    Unknown tags are passed over. What is wrong with a known tag is noted in `errors`, and the tag has its default
    (section 4.8); a tag that occurs twice counts as wrong (RFC 6376 section 3.2). The tags of older versions (`pct`,
    `ri`, `rf`) are unknown ones now.
    """
    if len(text) > LONGEST_RECORD or not is_record(text):
        return None
    return _Reader(text).record()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._errors: list[str] = []
        self._tags = self._split(text)

    def record(self) -> Record:
        p, sp, np = (self._policy(tag) for tag in ("p", "sp", "np"))
        invalid = any(tag in self._tags and value is None for tag, value in (("p", p), ("sp", sp), ("np", np)))
        ruf = self._uris("ruf")
        return Record(
            text=self._text,
            # section 4.10.1: an invalid policy makes the whole record one of p=none
            p=Policy.NONE if invalid or p is None else p,
            sp=None if invalid else sp,
            np=None if invalid else np,
            testing=self._flag("t"),
            psd=self._word("psd", Psd) or Psd.UNKNOWN,
            adkim=self._word("adkim", Alignment) or Alignment.RELAXED,
            aspf=self._word("aspf", Alignment) or Alignment.RELAXED,
            rua=self._uris("rua"),
            ruf=ruf,
            fo=self._failure_options() if ruf else ("0",),
            policy_is_invalid=invalid,
            errors=tuple(self._errors),
        )

    def _split(self, text: str) -> dict[str, str]:
        """Known and unknown tags alike; the value of one that is doubled or not printable is empty, so no valid one."""
        pairs: list[tuple[str, str]] = []
        for part in text.split(";")[1:]:
            name, equals, value = part.partition("=")
            name, value = name.strip(_BLANKS), value.strip(_BLANKS)
            if not equals or not _TAG_NAME.match(name):
                if part.strip(_BLANKS):
                    self._errors.append(f"{part.strip(_BLANKS)[:40]!r} is no tag")
                continue
            pairs.append((name.lower(), value if _PRINTABLE.match(value) else ""))
        counts = Counter(name for name, _ in pairs)
        doubled = {name for name, count in counts.items() if count > 1}
        self._errors.extend(f"the tag {name[:20]!r} occurs twice" for name in sorted(doubled))
        return {name: "" if name in doubled else value for name, value in pairs}

    def _policy(self, tag: str) -> Policy | None:
        return self._word(tag, Policy)

    def _word(self, tag: str, words: type[Word]) -> Word | None:
        """The tag's value; None where it is missing or wrong, which is noted. Case means nothing (RFC 5234)."""
        value = self._tags.get(tag)
        if value is None:
            return None
        try:
            return words(value.lower())
        except ValueError:
            self._errors.append(f"{tag}={value[:40]} is not valid")
            return None

    def _flag(self, tag: str) -> bool:
        value = self._tags.get(tag, "n").lower()
        if value not in {"y", "n"}:
            self._errors.append(f"{tag}={value[:40]} is not valid")
        return value == "y"

    def _uris(self, tag: str) -> tuple[ReportUri, ...]:
        value = self._tags.get(tag)
        if value is None:
            return ()
        uris, wrong = read_uris(value)
        self._errors.extend(f"{tag} holds {text[:60]!r}, no URI" for text in wrong)
        return uris

    def _failure_options(self) -> tuple[str, ...]:
        value = self._tags.get("fo")
        if value is None:
            return ("0",)
        options = tuple(option.strip(_BLANKS) for option in value.lower().split(":"))
        if not set(options) <= {"0", "1", "d", "s"} or {"0", "1"} <= set(options) or len(set(options)) != len(options):
            self._errors.append(f"fo={value[:40]} is not valid")
            return ("0",)
        return options
