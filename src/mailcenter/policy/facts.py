"""What is known when a rule is asked: one type per stage of the SMTP dialogue, each holding the stage before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mailcenter.mail.address import Address
from mailcenter.settings.model import Settings

Service = Literal["mx", "submission"]
"""mx: mail from other servers (port 25); submission: from our users (587, 465; RFC 6409)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Figures that rules compare with. Sizes in bytes."""

    message_size: int
    recipients: int
    junk_score: float
    refuse_score: float
    help_url: str = ""
    header_fields: int = 2000
    header_size: int = 2**20
    hops: int = 50  # Postfix's hopcount_limit, but said before the mail is taken


def limits_of(settings: Settings) -> Limits:
    """The limits that this platform's configuration sets."""
    return Limits(
        message_size=settings.smtp.message_size,
        recipients=settings.smtp.recipients,
        junk_score=settings.spam.junk_score,
        refuse_score=settings.spam.refuse_score,
        help_url=settings.web.help_url,
    )


@dataclass(frozen=True, slots=True)
class KnownDomain:
    """A domain of ours as the directory has it."""

    organisation_id: int | None
    domain_id: int | None
    active: bool


@dataclass(frozen=True, slots=True)
class KnownRecipient:
    """An address of ours as the directory has it."""

    kind: Literal["mailbox", "alias", "catch-all"]
    organisation_id: int | None
    domain_id: int | None
    mailbox_id: int | None
    active: bool


@dataclass(frozen=True, slots=True)
class KnownSender:
    """Who logged in, and the addresses (lookup keys) from which that login may send."""

    organisation_id: int | None
    domain_id: int | None
    mailbox_id: int | None
    addresses: frozenset[str]

    def owns(self, address: Address) -> bool:
        """Whether the address, or it without its detail, is one of the login's own."""
        return address.key in self.addresses or address.without_detail.key in self.addresses


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """The client and who it says it is."""

    service: Service
    client_address: str
    client_name: str
    helo: str
    limits: Limits
    tls: str = ""
    login: str = ""


@dataclass(frozen=True, slots=True)
class MailFacts:
    """MAIL FROM. `mail_from` is None for the null reverse-path, and when `fault` says why it cannot be read."""

    session: SessionFacts
    mail_from: Address | None
    fault: str = ""
    declared_size: int | None = None
    sender: KnownSender | None = None


@dataclass(frozen=True, slots=True)
class RcptFacts:
    """One RCPT TO. `mailer` and `next_hop` are Postfix's own resolution of the recipient, the second judge."""

    mail: MailFacts
    rcpt_to: Address | None
    fault: str
    accepted: int
    domain: KnownDomain | None
    recipient: KnownRecipient | None
    mailer: str
    next_hop: str
    mailer_text: str = ""


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """The whole message, and what the scanners say of it. `header_from`: addresses of the author fields."""

    mail: MailFacts
    size: int
    header_fields: int
    header_size: int
    hops: int
    header_from: tuple[str, ...]
    score: float
    findings: tuple[str, ...] = ()
