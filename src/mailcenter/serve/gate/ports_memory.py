"""What a session needs of the short-lived memory, of bans, and of who counts afterwards."""

from __future__ import annotations

from typing import Protocol

import msgspec

from mailcenter.ledger.record import TransactionRecord
from mailcenter.mail.address import Address
from mailcenter.policy.bans import Ban
from mailcenter.policy.facts_memory import MemoryFacts


class Try(msgspec.Struct, frozen=True):
    """One recipient of a mail that nothing else objects to. `first`: the first of its transaction.

    `window` and `keep` in seconds: within which mails are counted, and how long a first try is remembered; 0: not.
    """

    client_address: str
    mail_from: Address | None
    rcpt_to: Address
    domain_id: int | None
    first: bool
    window: int
    keep: int


class Merits(msgspec.Struct, frozen=True):
    """What a mail that was taken as good tells for the future.

    `domain`: the envelope sender's, where SPF or DKIM proves it; `list_key`: of the mailing list, from
    `dmarc.evidence.list_memory_key`; `came_back`: the client waited, now or before. Of our own user's mail:
    `written_to`, the recipients (`Address.key`), for `domain_id`.
    """

    domain: str = ""
    list_key: str = ""
    came_back: bool = False
    domain_id: int | None = None
    written_to: tuple[str, ...] = ()


class Memory(Protocol):
    """What is remembered for a while. Every method raises UnavailableError."""

    async def at_recipient(self, tried: Try) -> MemoryFacts:
        """Count a try, and say what is known of those it concerns."""

    async def knows_list(self, of: str) -> bool:
        """Whether good mail of this mailing list (`dmarc.evidence.list_memory_key`) came before."""


class Bans(Protocol):
    """Client networks that are shut out for a while."""

    def of(self, client: str) -> Ban | None:
        """The ban that holds a client's address, if one is in force."""


class Observer(Protocol):
    """Counts what clients did, after they were answered."""

    def observe(self, record: TransactionRecord, merits: Merits | None) -> None:
        """Note the end of a transaction, with its merits if it has some; neither waits nor fails."""
