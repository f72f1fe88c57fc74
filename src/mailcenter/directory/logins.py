"""Logins in the one form in which they are stored and compared."""

from __future__ import annotations

import unicodedata

from mailcenter.mail.address import AddressError, parse_address


def normal_login(text: str) -> str:
    """An address becomes its lookup key (lower case, A-labels); a plain name becomes lower case NFC. Never raises."""
    text = text.strip()
    try:
        return parse_address(text).key
    except AddressError:
        return unicodedata.normalize("NFC", text).lower()
