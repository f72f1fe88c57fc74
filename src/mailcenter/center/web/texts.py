"""Texts that are put together late, in the language of the reader."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_noop


def _format(template: Any, values: dict[str, Any]) -> str:
    return str(template) % values


_lazy = lazy(_format, str)


def lazy_format(template: Promise | str, **values: Any) -> str:
    """`template % values`, evaluated when it is shown."""
    return _lazy(template, values)


OF_THE_MAIL_LAYER = (
    gettext_noop("a domain has at least two parts, as in example.org"),
    gettext_noop("a domain name does not end in a number"),
    gettext_noop("a part that begins with xn-- is no valid encoded name"),
    gettext_noop("each part between dots has 1 to 63 letters, digits or hyphens, and no hyphen at its ends"),
    gettext_noop("the address has no @"),
    gettext_noop("the address is not valid UTF-8"),
    gettext_noop("the address literal is not valid"),
    gettext_noop("the closing bracket is missing"),
    gettext_noop("the domain holds characters that are not allowed there"),
    gettext_noop("the domain is empty"),
    gettext_noop("the domain is longer than 253 characters"),
    gettext_noop("the domain is not a valid name"),
    gettext_noop("the part before the @ holds characters that are not allowed there"),
    gettext_noop("the part before the @ holds control characters"),
    gettext_noop("the part before the @ is empty"),
    gettext_noop("the part before the @ is longer than 64 octets"),
    gettext_noop("the path is longer than 256 octets"),
)
"""Reasons why an address or a domain is none: that layer knows no translations, so its texts are named here."""
