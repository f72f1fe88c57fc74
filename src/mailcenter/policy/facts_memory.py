"""What the gate's short-lived memory knows about a client, a sender and a recipient together."""

from __future__ import annotations

import msgspec


class MemoryFacts(msgspec.Struct, frozen=True):
    """Mails of client, sender and recipient within the window of rule `rate`, this one counted; 0 where none counts.

    For rule `greylist`: `waited`, seconds since the first try of this client, sender and recipient, None where there
    was no need to remember it; `client_passed`, the client has come back in time before; `client_good` and
    `domain_good`, mails taken as good from the client and from the sender's domain, which the sender of this one only
    claims; `wrote`, somebody of the recipient's domain wrote to the sender.
    """

    client_mails: int = 0
    sender_mails: int = 0
    recipient_mails: int = 0
    waited: float | None = None
    client_passed: bool = False
    client_good: int = 0
    domain_good: int = 0
    wrote: bool = False
