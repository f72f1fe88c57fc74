"""Where the public pages are: the addresses that SMTP replies name."""

from __future__ import annotations

from typing import Final

from mailcenter.settings.model import Settings

REFERENCE_PATH: Final = "/r/"
"""Before a transaction's reference: the page that explains its refusal."""
REPLIES_PATH: Final = "/replies/"
"""The page that explains all replies."""
_HTTPS: Final = 443


def public_url(settings: Settings) -> str:
    """The center as strangers reach it, without a slash at the end."""
    if settings.web.public_url:
        return settings.web.public_url
    port = "" if settings.listen.https == _HTTPS else f":{settings.listen.https}"
    return f"https://{settings.host_name}{port}"


def reference_url(settings: Settings) -> str:
    """What a reference is appended to."""
    return public_url(settings) + REFERENCE_PATH


def replies_url(settings: Settings) -> str:
    """The page about all replies."""
    return public_url(settings) + REPLIES_PATH
