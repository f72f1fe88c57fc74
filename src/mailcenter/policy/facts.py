"""What is known when a rule is asked: one type per stage of the SMTP dialogue, each holding the stage before."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from mailcenter.attachments.findings import Finding
from mailcenter.mail.address import Address
from mailcenter.policy.bans import Cause
from mailcenter.policy.facts_client import ClientFacts, SenderDomainFault
from mailcenter.policy.facts_dmarc import NOTHING, DmarcFacts
from mailcenter.policy.facts_memory import MemoryFacts
from mailcenter.policy.networks import NetworkWord
from mailcenter.policy.rulebook import EMPTY, RuleBook
from mailcenter.policy.treatment import AS_PLATFORM, ListWord, Treatment
from mailcenter.settings.model import Settings

Service = Literal["mx", "submission"]
"""mx: mail from other servers (port 25); submission: from our users (587, 465; RFC 6409)."""

HUMAN_NAMES: Final = frozenset({"abuse", "postmaster"})
"""Names of active domains that always reach somebody, and that no rule about reputation keeps a sender from (RFC 2142,
RFC 5321 section 4.5.1)."""

SYSTEM_NAMES: Final = HUMAN_NAMES | {"hostmaster", "mailer-daemon", "security"}
"""Names at the host's own name that Postfix delivers to its postmaster without an entry in the directory (RFC 2142)."""


def is_human(address: Address) -> bool:
    """Whether it is postmaster or abuse of some domain."""
    return address.without_detail.local_part.lower() in HUMAN_NAMES


class Limits(msgspec.Struct, frozen=True):
    """Figures that rules compare with. Sizes in bytes."""

    message_size: int
    recipients: int
    help_url: str = ""
    header_fields: int = 2000
    header_size: int = 2**20
    parts: int = 2000
    hops: int = 100
    """RFC 5321 section 6.3. Less than Postfix's hopcount_limit, so that a mail loop is refused with our reply."""


def limits_of(settings: Settings) -> Limits:
    """The limits that this platform's configuration sets."""
    return Limits(
        message_size=settings.smtp.message_size,
        recipients=settings.smtp.recipients,
        help_url=settings.web.help_url,
    )


class KnownDomain(msgspec.Struct, frozen=True):
    """A domain of ours as the directory has it."""

    organisation_id: int | None
    domain_id: int | None
    active: bool


class KnownRecipient(msgspec.Struct, frozen=True):
    """An address of ours as the directory has it."""

    kind: Literal["mailbox", "alias", "catch-all"]
    organisation_id: int | None
    domain_id: int | None
    mailbox_id: int | None
    active: bool
    full: bool = False


class KnownSender(msgspec.Struct, frozen=True):
    """Who logged in, and the addresses (lookup keys) from which that login may send."""

    organisation_id: int | None
    domain_id: int | None
    mailbox_id: int | None
    addresses: frozenset[str]

    def owns(self, address: Address) -> bool:
        """Whether the address, or it without its detail, is one of the login's own."""
        return address.key in self.addresses or address.without_detail.key in self.addresses


class BanFacts(msgspec.Struct, frozen=True):
    """The client's network is shut out for so many more minutes."""

    cause: Cause
    minutes: int


class SessionFacts(msgspec.Struct, frozen=True):
    """The client and who it says it is.

    `book`, `network` (what the operators' list says of the client) and `ban` are those of the time of MAIL; `client` is
    None where nothing was asked about it.
    """

    service: Service
    client_address: str
    client_name: str
    helo: str
    limits: Limits
    tls: str = ""
    login: str = ""
    book: RuleBook = EMPTY
    network: NetworkWord = ""
    client: ClientFacts | None = None
    ban: BanFacts | None = None

    @property
    def spared(self) -> bool:
        """Whether the client's reputation is of no account."""
        return self.service == "mx" and self.network == "allow"


class MailFacts(msgspec.Struct, frozen=True):
    """MAIL FROM. `mail_from` is None for the null reverse-path, and when `fault` says why it cannot be read."""

    session: SessionFacts
    mail_from: Address | None
    fault: str = ""
    declared_size: int | None = None
    sender: KnownSender | None = None
    sender_domain: SenderDomainFault = ""

    @property
    def book(self) -> RuleBook:
        return self.session.book

    @property
    def spared(self) -> bool:
        return self.session.spared


class RcptFacts(msgspec.Struct, frozen=True):
    """One RCPT TO. `mailer` and `next_hop` are Postfix's own resolution of the recipient, the second judge.

    `listed`: what the recipient's lists say of the envelope sender. `memory` is None where it was not asked.
    """

    mail: MailFacts
    rcpt_to: Address | None
    fault: str
    accepted: int
    domain: KnownDomain | None
    recipient: KnownRecipient | None
    mailer: str
    next_hop: str
    mailer_text: str = ""
    listed: ListWord = ""
    treatment: Treatment = AS_PLATFORM
    memory: MemoryFacts | None = None

    @property
    def book(self) -> RuleBook:
        return self.mail.book

    @property
    def to_human(self) -> bool:
        """Whether it is for postmaster or abuse of a domain of ours."""
        return self.domain is not None and self.rcpt_to is not None and is_human(self.rcpt_to)

    @property
    def spared(self) -> bool:
        return self.mail.spared or self.to_human


class RecipientFacts(msgspec.Struct, frozen=True):
    """An accepted recipient. `listed`: what his lists say of the author; `attachments`: found by his domain's list."""

    address: Address
    domain: KnownDomain | None = None
    recipient: KnownRecipient | None = None
    treatment: Treatment = AS_PLATFORM
    to_human: bool = False
    listed: ListWord = ""
    attachments: tuple[Finding, ...] = ()


class MessageFacts(msgspec.Struct, frozen=True):
    """The whole message, and what the scanners say of it. `header_from`: addresses of the author fields.
    `parts`: at most so many; more than the limit only where there are.

    `aligned`: SPF or DKIM proves the author's domain. `quarantine`: whose policy wants it in Junk, or empty.
    `unproven_wait`: seconds to wait for a mail that the greylist let by for its sender, who is not proven; else 0.
    """

    mail: MailFacts
    size: int
    header_fields: int
    header_size: int
    hops: int
    header_from: tuple[str, ...]
    score: float
    parts: int = 1
    findings: tuple[str, ...] = ()
    recipients: tuple[RecipientFacts, ...] = ()
    aligned: bool = False
    quarantine: str = ""
    dmarc: DmarcFacts = NOTHING
    unproven_wait: int = 0

    @property
    def book(self) -> RuleBook:
        return self.mail.book

    @property
    def spared(self) -> bool:
        """As the client; and a mail that is also for postmaster is refused to nobody: one answer is for all."""
        return self.mail.spared or (self.mail.session.service == "mx" and any(one.to_human for one in self.recipients))
