"""Mail addresses as RFC 5321 and RFC 6531 write them: parsed, normalised, and turned into lookup keys."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

import msgspec

from mailcenter.mail.domain import DomainError, lenient_domain, to_unicode

LONGEST_LOCAL_PART: Final = 64  # octets, RFC 5321 section 4.5.3.1.1
LONGEST_PATH: Final = 256  # octets with the brackets, RFC 5321 section 4.5.3.1.3
DETAIL_DELIMITER: Final = "+"
REMEMBERED: Final = 4096
"""Local parts and addresses read lately: each of a mail's is met several times."""

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+"
_DOT_STRING: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*\Z")
_QUOTED: Final = re.compile(r'"(?:[ !#-\[\]-~\x80-\U0010ffff]|\\[ -~])*"\Z')
_QUOTED_PAIR: Final = re.compile(r"\\(.)")
_SOURCE_ROUTE: Final = re.compile(r"@[^@:,<>\"\s]+(?:,@[^@:,<>\"\s]+)*:")


class AddressError(ValueError):
    """Not an address; `str()` says why in words for the sender."""


class Address(msgspec.Struct, frozen=True):
    """`local_part` unquoted, NFC, in the sender's case; `domain` lower case with A-labels, or an address literal."""

    local_part: str
    domain: str

    def __str__(self) -> str:
        """The address as it stands in SMTP, quoted where it must be; the domain with A-labels."""
        return f"{quote_local_part(self.local_part)}@{self.domain}"

    @property
    def key(self) -> str:
        """What the directory looks up: lower case, A-labels, no quotes that are not needed."""
        return f"{quote_local_part(lookup_local_part(self.local_part))}@{self.domain}"

    @property
    def unicode(self) -> str:
        """The address for people: the domain with U-labels."""
        return f"{quote_local_part(self.local_part)}@{to_unicode(self.domain)}"

    @property
    def detail(self) -> str:
        """What stands after the first `+` of the local part (RFC 5233 section 1), else empty."""
        return self.local_part.partition(DETAIL_DELIMITER)[2] if self._has_detail else ""

    @property
    def without_detail(self) -> Address:
        """The same address without `+detail`; itself where there is none."""
        if not self._has_detail:
            return self
        return Address(self.local_part.partition(DETAIL_DELIMITER)[0], self.domain)

    @property
    def _has_detail(self) -> bool:
        return self.local_part.find(DETAIL_DELIMITER) > 0

    @property
    def is_international(self) -> bool:
        """Whether it can travel by SMTPUTF8 only (RFC 6531)."""
        return not self.local_part.isascii()


def lookup_local_part(local_part: str) -> str:
    """A local part in the one form in which the directory keeps it: NFC, lower case.

    RFC 5321 section 2.4 lets the receiving domain decide what case means; here it means nothing.
    """
    if local_part.isascii():
        return local_part.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", local_part).lower())


@lru_cache(maxsize=REMEMBERED)
def quote_local_part(local_part: str) -> str:
    """The local part as RFC 5321 section 4.1.2 writes it: bare where it is a Dot-string, else quoted."""
    if _DOT_STRING.match(local_part):
        return local_part
    escaped = local_part.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@lru_cache(maxsize=REMEMBERED)
def parse_address(text: str) -> Address:
    """Read `local@domain`, without brackets, as a person types it or as it stands inside a path.

    Raises:
        AddressError: with the reason.
    """
    local_text, at, domain_text = text.rpartition("@")
    if not at:
        raise AddressError("the address has no @")
    local_part = _parse_local_part(local_text)
    try:
        return Address(local_part, lenient_domain(domain_text))
    except DomainError as error:
        raise AddressError(str(error)) from None


def parse_path(text: str) -> Address | None:
    """Read the path of MAIL FROM or RCPT TO, brackets optional; None is the null reverse-path `<>`.

    A source route is taken off and ignored (RFC 5321 section 4.1.1.3 and appendix C). `<postmaster>` without a domain
    (section 4.5.1) is the caller's case: it is an AddressError here.

    Raises:
        AddressError: with the reason.
    """
    if len(text.encode("utf-8", "surrogateescape")) > LONGEST_PATH:
        raise AddressError("the path is longer than 256 octets")
    inner = text
    if text.startswith("<"):
        if not text.endswith(">"):
            raise AddressError("the closing bracket is missing")
        inner = text[1:-1]
    if not inner:
        return None
    route = _SOURCE_ROUTE.match(inner)
    return parse_address(inner[route.end() :] if route else inner)


def _parse_local_part(text: str) -> str:
    try:
        octets = len(text.encode("utf-8"))
    except UnicodeEncodeError:
        raise AddressError("the address is not valid UTF-8") from None
    if not text:
        raise AddressError("the part before the @ is empty")
    if octets > LONGEST_LOCAL_PART:
        raise AddressError("the part before the @ is longer than 64 octets")
    if _DOT_STRING.match(text):
        if text.isascii():
            return text
        local_part = text
    elif _QUOTED.match(text):
        local_part = _QUOTED_PAIR.sub(r"\1", text[1:-1])
    else:
        raise AddressError("the part before the @ holds characters that are not allowed there")
    normal = unicodedata.normalize("NFC", local_part)
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in normal):
        raise AddressError("the part before the @ holds control characters")
    return normal
