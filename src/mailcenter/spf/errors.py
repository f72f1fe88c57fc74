"""What ends an evaluation at once: the record is wrong for good, or the DNS fails for now (RFC 7208 section 2.6)."""

from __future__ import annotations


class PermError(Exception):
    """The published record cannot be interpreted."""


class TempError(Exception):
    """The DNS gave no answer. Who answers the questions of `evaluate` throws it there."""
