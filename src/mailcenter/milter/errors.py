"""Who broke the protocol: the other side, or we."""

from __future__ import annotations


class MilterError(Exception):
    """The protocol was broken."""


class RemoteMilterError(MilterError):
    """The MTA sent what it must not; the connection is of no more use (Postfix then takes its default action)."""


class LocalMilterError(MilterError):
    """We tried to send what is not allowed now: a mistake in our own program. Nothing was sent."""
