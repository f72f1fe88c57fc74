"""Facts to start from: each test changes what it is about."""

from __future__ import annotations

from msgspec.structs import replace

from mailcenter.mail.address import Address
from mailcenter.policy.facts import (
    KnownDomain,
    KnownRecipient,
    KnownSender,
    Limits,
    MailFacts,
    MessageFacts,
    RcptFacts,
    RecipientFacts,
    SessionFacts,
)
from mailcenter.policy.platform_book import DEFAULT_BOOK

LIMITS = Limits(message_size=1000, recipients=3, header_fields=10, header_size=500, parts=20)
MX = SessionFacts("mx", "192.0.2.1", "client.test", "client.test", LIMITS, book=DEFAULT_BOOK)
SUBMISSION = replace(MX, service="submission", login="alice@demo.example")
ALICE = KnownSender(1, 2, 3, frozenset({"alice@demo.example", "sales@demo.example"}))

MAIL = MailFacts(MX, Address("a", "b.test"))
OWN_MAIL = MailFacts(SUBMISSION, Address("alice", "demo.example"), sender=ALICE)
DOMAIN = KnownDomain(1, 2, active=True)
MAILBOX = KnownRecipient("mailbox", 1, 2, 3, active=True)
RCPT = RcptFacts(
    mail=MAIL,
    rcpt_to=Address("alice", "demo.example"),
    fault="",
    accepted=0,
    domain=DOMAIN,
    recipient=MAILBOX,
    mailer="lmtp",
    next_hop="unix:lmtp",
)
TO_ALICE = RecipientFacts(Address("alice", "demo.example"), DOMAIN, MAILBOX)
MESSAGE = MessageFacts(
    mail=MAIL,
    size=500,
    header_fields=5,
    header_size=100,
    hops=2,
    header_from=("a@b.test",),
    score=0.0,
    recipients=(TO_ALICE,),
)
OWN_MESSAGE = MessageFacts(
    mail=OWN_MAIL, size=500, header_fields=5, header_size=100, hops=0, header_from=("Alice@demo.example",), score=0.0
)
