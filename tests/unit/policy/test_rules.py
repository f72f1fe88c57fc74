"""Each rule: what it refuses with which reply, and what it lets pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from mailcenter.mail.address import Address
from mailcenter.policy import table
from mailcenter.policy.facts import KnownDomain, KnownRecipient, MailFacts, MessageFacts, RcptFacts
from mailcenter.policy.facts_dmarc import DmarcFacts
from mailcenter.policy.rule import first_objection
from tests.unit.policy.known import MAIL, MAILBOX, MESSAGE, MX, OWN_MAIL, OWN_MESSAGE, RCPT, SUBMISSION, TO_ALICE

OFF = KnownRecipient("mailbox", 1, 2, 3, active=False)
SUBMITTED = replace(RCPT, mail=OWN_MAIL)
REFUSED_NETWORK = replace(MAIL, session=replace(MX, network="refuse"))

MAIL_CASES = [
    (MAIL, None),
    (replace(MAIL, mail_from=None), None),
    (OWN_MAIL, None),
    (replace(OWN_MAIL, mail_from=Address("Alice+x", "demo.example")), None),
    (replace(OWN_MAIL, mail_from=Address("sales", "demo.example")), None),
    (replace(OWN_MAIL, mail_from=None), None),
    (replace(MAIL, declared_size=1000), None),
    (replace(MAIL, mail_from=None, fault="no @"), ("sender-address", 501, "5.1.7")),
    (replace(MAIL, declared_size=1001), ("declared-size", 552, "5.3.4")),
    (replace(MAIL, session=replace(SUBMISSION, login="")), ("login-required", 530, "5.7.0")),
    (replace(MAIL, session=replace(SUBMISSION, login=""), fault="no @"), ("login-required", 530, "5.7.0")),
    (replace(OWN_MAIL, mail_from=Address("bob", "demo.example")), ("own-sender", 553, "5.7.1")),
    (replace(OWN_MAIL, sender=None), ("own-sender", 553, "5.7.1")),
]

RCPT_CASES = [
    (RCPT, None),
    (replace(RCPT, accepted=2), None),
    (replace(SUBMITTED, domain=None, recipient=None, mailer="smtp"), None),
    (replace(SUBMITTED, domain=None, recipient=None, mailer="retry"), None),
    (SUBMITTED, None),
    (replace(RCPT, rcpt_to=None, fault="no @", domain=None, recipient=None), ("recipient-address", 501, "5.1.3")),
    (replace(RCPT, rcpt_to=None, domain=None, recipient=None), ("recipient-address", 501, "5.1.3")),
    (replace(RCPT, accepted=3), ("recipient-count", 452, "4.5.3")),
    (replace(RCPT, domain=None, recipient=None, mailer="smtp"), ("relaying", 550, "5.7.1")),
    (replace(RCPT, domain=None, recipient=None), ("relaying", 550, "5.7.1")),
    (
        replace(SUBMITTED, mail=replace(OWN_MAIL, session=replace(SUBMISSION, login="")), domain=None, recipient=None),
        ("relaying", 550, "5.7.1"),
    ),
    (replace(RCPT, recipient=None), ("unknown-recipient", 550, "5.1.1")),
    (replace(SUBMITTED, recipient=None), ("unknown-recipient", 550, "5.1.1")),
    (replace(RCPT, mail=REFUSED_NETWORK), ("network-list", 554, "5.7.1")),
    (replace(RCPT, mail=REFUSED_NETWORK, domain=None, recipient=None), ("network-list", 554, "5.7.1")),
    (replace(SUBMITTED, mail=replace(OWN_MAIL, session=replace(SUBMISSION, network="refuse"))), None),
    (replace(RCPT, listed="deny"), ("denied-sender", 550, "5.7.1")),
    (replace(RCPT, listed="allow"), None),
    (replace(RCPT, recipient=OFF), ("disabled-recipient", 550, "5.2.1")),
    (replace(RCPT, domain=KnownDomain(1, 2, active=False), recipient=OFF), ("disabled-recipient", 550, "5.1.2")),
    (replace(RCPT, recipient=replace(MAILBOX, full=True)), ("full-mailbox", 452, "4.2.2")),
    (replace(RCPT, recipient=replace(MAILBOX, full=True, active=False)), ("disabled-recipient", 550, "5.2.1")),
    (replace(RCPT, mailer="smtp"), ("mta-resolution", 451, "4.3.0")),
    (replace(RCPT, mailer=""), ("mta-resolution", 451, "4.3.0")),
    (replace(RCPT, mailer="error", next_hop="5.7.1", mailer_text="no"), ("mta-resolution", 550, "5.7.1")),
    (replace(RCPT, mailer="error", next_hop="4.1.8", mailer_text="no"), ("mta-resolution", 450, "4.1.8")),
    (replace(RCPT, mailer="error", next_hop="5.1.1 x", mailer_text="no"), ("mta-resolution", 550, "5.1.0")),
    (
        replace(SUBMITTED, domain=None, recipient=None, mailer="error", next_hop="5.1.2"),
        ("mta-resolution", 550, "5.1.2"),
    ),
]

LOGGED_IN_SPAM = replace(OWN_MESSAGE, score=9.0)

MESSAGE_CASES = [
    (MESSAGE, None),
    (replace(MESSAGE, size=1000, header_fields=10, header_size=500, hops=100, score=8.99), None),
    (replace(MESSAGE, header_from=("x@anything.test", "nonsense")), None),
    (OWN_MESSAGE, None),
    (replace(OWN_MESSAGE, header_from=()), None),
    (replace(MESSAGE, size=1001), ("message-size", 552, "5.3.4")),
    (replace(MESSAGE, header_fields=11), ("message-header", 554, "5.6.0")),
    (replace(MESSAGE, header_size=501), ("message-header", 554, "5.6.0")),
    (replace(MESSAGE, parts=20), None),
    (replace(MESSAGE, parts=21), ("message-structure", 554, "5.6.0")),
    (replace(MESSAGE, hops=101), ("mail-loop", 554, "5.4.6")),
    (replace(OWN_MESSAGE, header_from=("alice@demo.example", "bob@demo.example")), ("own-author", 553, "5.7.1")),
    (replace(OWN_MESSAGE, header_from=("nonsense",)), ("own-author", 553, "5.7.1")),
    (replace(OWN_MESSAGE, mail=replace(OWN_MAIL, sender=None)), ("own-author", 553, "5.7.1")),
    (replace(MESSAGE, recipients=(replace(TO_ALICE, listed="deny"),)), ("denied-author", 550, "5.7.1")),
    (replace(MESSAGE, recipients=(replace(TO_ALICE, listed="deny"), TO_ALICE)), None),
    (replace(MESSAGE, findings=("Eicar",), score=20.0), ("virus", 554, "5.7.1")),
    (replace(MESSAGE, dmarc=DmarcFacts("reject"), score=20.0), ("dmarc", 550, "5.7.1")),
    (replace(MESSAGE, dmarc=DmarcFacts("defer"), score=20.0), ("dmarc", 451, "4.4.3")),
    (replace(MESSAGE, dmarc=DmarcFacts("quarantine")), None),
    (replace(MESSAGE, dmarc=DmarcFacts("reject"), recipients=(replace(TO_ALICE, to_human=True),)), None),
    (replace(MESSAGE, score=9.0), ("spam", 554, "5.7.1")),
    (LOGGED_IN_SPAM, ("spam", 550, "5.7.1")),
]


def outcome(rules: Any, facts: Any) -> tuple[str, int, str] | None:
    decision = first_objection(rules, facts)
    return (decision.rule, decision.reply.code, decision.reply.enhanced) if decision else None


@pytest.mark.parametrize(("facts", "expected"), MAIL_CASES)
def test_mail(facts: MailFacts, expected: tuple[str, int, str] | None) -> None:
    assert outcome(table.MAIL, facts) == expected


@pytest.mark.parametrize(("facts", "expected"), RCPT_CASES)
def test_rcpt(facts: RcptFacts, expected: tuple[str, int, str] | None) -> None:
    assert outcome(table.RCPT, facts) == expected


@pytest.mark.parametrize(("facts", "expected"), MESSAGE_CASES)
def test_message(facts: MessageFacts, expected: tuple[str, int, str] | None) -> None:
    assert outcome(table.BEFORE_SCAN + table.AFTER_SCAN, facts) == expected


def test_every_rule_is_seen_refusing_in_some_test_of_this_folder() -> None:
    texts = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    assert [name for name in table.BY_NAME if f'("{name}", ' not in texts] == []


def test_rules_are_described_and_named_once() -> None:
    assert len(table.BY_NAME) == len(table.ALL)
    assert all(rule.description and rule.standard for _, rule in table.ALL)


def test_thresholds_are_within_their_own_bounds() -> None:
    for _, rule in table.ALL:
        for threshold in rule.thresholds.values():
            assert threshold.accepts(threshold.default)
            assert threshold.unit
            assert threshold.description


def test_texts() -> None:
    refused = first_objection(table.RCPT, replace(RCPT, domain=None, recipient=None))
    assert refused is not None
    assert refused.reply.text == "<alice@demo.example>: Relay not permitted"
    helped = first_objection(table.AFTER_SCAN, LOGGED_IN_SPAM)
    assert helped is not None
    assert "support" in helped.reply.text
    limits = replace(MX.limits, help_url="https://help.example")
    session = replace(SUBMISSION, limits=limits)
    linked = first_objection(table.AFTER_SCAN, replace(LOGGED_IN_SPAM, mail=replace(OWN_MAIL, session=session)))
    assert linked is not None
    assert "https://help.example" in linked.reply.text
