"""Where a domain wants its reports: the URIs of `rua` and `ruf` (RFC 9989 sections 4.6 and 4.8)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from mailcenter.mail.address import AddressError, parse_address

MOST_URIS: Final = 100  # of one tag; what comes after is passed over

# RFC 3986 with its reserved and unreserved characters; comma and exclamation mark must be percent-encoded here.
_URI: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):([A-Za-z0-9._~:/?#\[\]@$&'()*+;=%-]+)\Z")
_OBSOLETE_SIZE: Final = re.compile(r"![0-9]+[kmgt]?\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReportUri:
    """One destination. `address` is that of a `mailto:` URI; empty for other schemes, which a sender passes over."""

    uri: str
    address: str = ""


def read_uris(value: str) -> tuple[tuple[ReportUri, ...], tuple[str, ...]]:
    """The URIs of a tag in their order, and what stands among them without being one."""
    uris: list[ReportUri] = []
    wrong: list[str] = []
    for part in value.split(",")[:MOST_URIS]:
        # the obsolete size limit of RFC 7489 is ignored: section 4.8, obs-dmarc-report-size
        text = _OBSOLETE_SIZE.sub("", part.strip(" \t"))
        uri = _read(text)
        if uri is None:
            wrong.append(text)
        else:
            uris.append(uri)
    return tuple(uris), tuple(wrong)


def _read(text: str) -> ReportUri | None:
    match = _URI.match(text)
    if match is None:
        return None
    scheme, rest = match.groups()
    if scheme.lower() != "mailto":
        return ReportUri(text)
    try:
        return ReportUri(text, str(parse_address(unquote(rest.partition("?")[0]))))
    except AddressError:
        return None
