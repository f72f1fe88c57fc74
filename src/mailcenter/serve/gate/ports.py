"""What a session needs from the world, so that tests can give it another one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, Protocol

import msgspec

from mailcenter.ledger.record import TransactionRecord
from mailcenter.mail.address import Address
from mailcenter.mail.authres import MethodResult
from mailcenter.policy.facts import KnownDomain, KnownRecipient, KnownSender, MailFacts
from mailcenter.policy.facts_dmarc import NOTHING, DmarcFacts
from mailcenter.policy.networks import NetworkList
from mailcenter.policy.rulebook import RuleBook
from mailcenter.policy.treatment import ListWord, Treatment
from mailcenter.serve.gate.content import Content


class UnavailableError(Exception):
    """A part of ours does not answer, or not with sense: the sender gets 451 4.3.0. `detail` is for the log only."""

    def __init__(self, part: str, detail: str) -> None:
        super().__init__(f"{part}: {detail}")
        self.part = part
        self.detail = detail


class Directory(Protocol):
    """The accounts. Every method raises UnavailableError where they cannot be asked."""

    async def domain(self, name: str) -> KnownDomain | None:
        """A domain of ours by its A-label name."""

    async def recipient(self, address: Address) -> KnownRecipient | None:
        """Who takes mail for this address: itself, without its detail, or its domain's catch-all."""

    async def sender(self, login: str) -> KnownSender | None:
        """As whom a login may send."""


class Seats(Protocol):
    """How many sessions of submission an account may have at once: `most`."""

    @property
    def most(self) -> int: ...

    async def take(self, login: str, session: str) -> bool:
        """Whether there is a place for this session, or it has one; said again at each mail."""

    def give_up(self, login: str, session: str) -> None:
        """The session is over."""


class SessionEnds(Protocol):
    """Whose sessions of submission have been ended."""

    def is_over(self, login: str, began: float) -> bool:
        """Whether a session of this login that began then (ticks of the clock) is not to go on."""


class Policy(Protocol):
    """What operators and owners decided. Every method raises UnavailableError where it cannot be known."""

    async def book(self) -> RuleBook:
        """The rules' switches and figures in force now."""

    async def networks(self) -> NetworkList:
        """The operators' list of client networks."""

    async def treatment(self, recipient: KnownRecipient) -> Treatment:
        """How this recipient wants suspicious mail treated."""

    async def sender_word(self, recipient: KnownRecipient, sender: Address) -> ListWord:
        """What the recipient's, his domain's and the platform's lists say of a sender."""


class MailHost(msgspec.Struct, frozen=True):
    """An MX record; `name` is lower case without the last dot, empty in a null MX (RFC 7505)."""

    preference: int
    name: str


class Dns(Protocol):
    """The resolver. Names are A-labels without the last dot.

    Every method gives what there is, nothing where there is nothing (NXDOMAIN, or no such record), and raises
    UnavailableError where no answer came (SERVFAIL, REFUSED, too late).
    """

    def expect(self, name: str, kind: Literal["A", "MX", "PTR", "TXT"]) -> None:
        """Put a question whose answer will be asked for in a moment: so that several are on their way at once."""

    async def a(self, name: str) -> tuple[str, ...]:
        """IPv4 addresses."""

    async def aaaa(self, name: str) -> tuple[str, ...]:
        """IPv6 addresses."""

    async def ptr(self, address: str) -> tuple[str, ...]:
        """The names of an address."""

    async def mx(self, name: str) -> tuple[MailHost, ...]:
        """Who takes mail for a domain, the preferred first."""

    async def txt(self, name: str) -> tuple[str, ...]:
        """Each record with its strings joined, decoded as Latin-1 so that no octet is lost."""

    async def exists(self, name: str) -> bool:
        """Whether there is anything at or below this name: False for NXDOMAIN only (RFC 8020)."""


class Question(msgspec.Struct, frozen=True):
    """One message for the scanners, with its envelope. `spared`: nobody is refused for reputation."""

    mail: MailFacts
    mail_from: str
    recipients: tuple[str, ...]
    queue_id: str
    header_from: tuple[str, ...]
    content: Content
    spared: bool = False


class Infected(msgspec.Struct, frozen=True):
    """What a virus scanner found. `file`: in which attachment, empty where that cannot be told."""

    finding: str
    scanner: str
    file: str = ""


class Findings(msgspec.Struct, frozen=True):
    """What the scanners say. `milliseconds` per scanner; `symbols` is name to score; `infected`: by whom and where.

    `aligned`: SPF or DKIM proves the author's domain; `authenticated`: all domains proved, whoever they are;
    `list_key`: of the mailing list it came by (`dmarc.evidence.list_memory_key`). `quarantine`: whose policy wants the
    mail in Junk, or empty.
    """

    score: float
    viruses: tuple[str, ...] = ()
    symbols: dict[str, float] = msgspec.field(default_factory=dict)
    authentication: tuple[MethodResult, ...] = ()
    milliseconds: dict[str, float] = msgspec.field(default_factory=dict)
    aligned: bool = False
    quarantine: str = ""
    dmarc: DmarcFacts = NOTHING
    dmarc_facts: dict[str, Any] = msgspec.field(default_factory=dict)
    spf_facts: dict[str, Any] = msgspec.field(default_factory=dict)
    infected: tuple[Infected, ...] = ()
    authenticated: frozenset[str] = frozenset()
    list_key: str = ""


class Scanner(Protocol):
    """Rspamd and the virus scanners together."""

    async def scan(self, question: Question) -> Findings:
        """Raises UnavailableError unless every scanner gave a whole answer in time."""


class Records(Protocol):
    """Where transactions are recorded."""

    def write(self, record: TransactionRecord) -> None:
        """Returns when the record is in the file. Raises UnavailableError."""


class Clock(msgspec.Struct, frozen=True):
    """Time and chance: `now` is UTC, `ticks` seconds of a steady clock, `entropy` 24 random bits."""

    now: Callable[[], datetime]
    ticks: Callable[[], float]
    entropy: Callable[[], int]


Facts = dict[str, Any]
"""Values for the ledger's `facts`."""
