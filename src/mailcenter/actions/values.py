"""Values from outside, checked, bounded and brought into the one form that is stored; errors name the field."""

from __future__ import annotations

import unicodedata
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from mailcenter.actions.base import ActionError
from mailcenter.mail.address import AddressError, lookup_local_part, parse_address
from mailcenter.mail.domain import DomainError, normalise_domain

LONGEST_NAME: Final = 200
LARGEST_QUOTA: Final = 2**50  # a pebibyte
LARGEST_NUMBER: Final = 2**31 - 1
_NOT_IN_OWN_ADDRESSES: Final = frozenset("+%!|/*\\`\"'{}$^?&#=~ ")
"""`+` starts the detail (RFC 5233); the others have a meaning to some mail program or shell on the way."""


def text(value: str, field: str, *, longest: int = LONGEST_NAME, required: bool = False) -> str:
    """One line for people: NFC, without control characters, at most `longest` characters."""
    value = unicodedata.normalize("NFC", value).strip()
    if required and not value:
        raise ActionError(field, _("This must not be empty."))
    if len(value) > longest:
        raise ActionError(field, _("This is longer than %(longest)d characters.") % {"longest": longest})
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in value):
        raise ActionError(field, _("This must be one line of text without control characters."))
    return value


def domain_name(value: str, field: str = "name") -> str:
    """A domain to be hosted: lower case with A-labels, two labels at least."""
    try:
        return normalise_domain(value[:1000])
    except DomainError as error:
        raise ActionError(field, _("This is not a domain name: %(reason)s.") % {"reason": _(str(error))}) from None


def address(value: str, field: str) -> str:
    """Any address that mail can be sent to, as lookup key: lower case, domain with A-labels. No address literals."""
    try:
        parsed = parse_address(value.strip()[:1000])
        normalise_domain(parsed.domain)
    except (AddressError, DomainError) as error:
        raise ActionError(field, _("This is not a mail address: %(reason)s.") % {"reason": _(str(error))}) from None
    return parsed.key


def own_address(value: str, field: str = "address") -> tuple[str, str]:
    """Local part and domain of an address to be made here. Narrower than what may exist elsewhere."""
    local_part, _at, domain = address(value, field).rpartition("@")
    forbidden = sorted(_NOT_IN_OWN_ADDRESSES.intersection(local_part))
    if forbidden:
        raise ActionError(
            field, _("An address of ours must not contain the character %(character)s.") % {"character": forbidden[0]}
        )
    if local_part.startswith("-"):
        raise ActionError(field, _("An address of ours must not begin with a hyphen."))
    return lookup_local_part(local_part), domain


def language(value: str, field: str = "language") -> str:
    """`de`, `en`, or empty: whatever the browser asks for."""
    if value and value not in dict(settings.LANGUAGES):
        raise ActionError(field, _("The language must be de, en or empty."))
    return value


def quota(value: int, field: str = "quota_bytes") -> int:
    """Bytes; 0 is unlimited."""
    if not 0 <= value <= LARGEST_QUOTA:
        raise ActionError(
            field, _("The quota must be between 0 (unlimited) and %(most)d bytes.") % {"most": LARGEST_QUOTA}
        )
    return value


def most(value: int | None, field: str) -> int | None:
    """A limit on how many; None is none."""
    if value is not None and not 0 <= value <= LARGEST_NUMBER:
        raise ActionError(field, _("The limit must be between 0 and %(most)d.") % {"most": LARGEST_NUMBER})
    return value


def most_bytes(value: int | None, field: str) -> int | None:
    """A limit on bytes; None is none."""
    if value is not None and not 0 <= value <= LARGEST_QUOTA:
        raise ActionError(field, _("The limit must be between 0 and %(most)d.") % {"most": LARGEST_QUOTA})
    return value
