"""Where the certificates of customers' names come from."""

from __future__ import annotations

from typing import Literal

from mailcenter.settings.model import Settings

Source = Literal["own", "acme", "folder", "none"]


def source_in_force(settings: Settings) -> Source:
    """As `certificates.source` says; else the own authority where the server's certificate is its, too.

    Programs warn of an unknown authority. So it does not begin to sign where the server itself has a certificate that
    they know.
    """
    if settings.certificates.source is not None:
        return settings.certificates.source
    return "own" if settings.tls.certificate is None else "none"
