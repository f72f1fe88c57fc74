"""Which rules are asked at which stage, in their order: cheap and certain questions first."""

from __future__ import annotations

from typing import Final

from mailcenter.policy.facts import MailFacts, MessageFacts, RcptFacts
from mailcenter.policy.rule import Rule
from mailcenter.policy.rules import (
    declared_size,
    disabled_recipient,
    login_required,
    mail_loop,
    message_header,
    message_size,
    mta_resolution,
    own_author,
    own_sender,
    recipient_address,
    recipient_count,
    relaying,
    sender_address,
    spam,
    unknown_recipient,
    virus,
)

MAIL: Final[tuple[Rule[MailFacts], ...]] = (
    login_required.RULE,  # whoever has not logged in need not know more
    sender_address.RULE,
    own_sender.RULE,
    declared_size.RULE,
)

RCPT: Final[tuple[Rule[RcptFacts], ...]] = (
    recipient_address.RULE,
    recipient_count.RULE,
    relaying.RULE,  # a foreign domain: nothing more is asked about it
    unknown_recipient.RULE,
    disabled_recipient.RULE,
    mta_resolution.RULE,  # the second judge speaks last, so that the reason of the first is heard
)

BEFORE_SCAN: Final[tuple[Rule[MessageFacts], ...]] = (
    message_size.RULE,
    message_header.RULE,
    mail_loop.RULE,
    own_author.RULE,
)
"""What the message alone tells; a mail refused here costs no scan."""

AFTER_SCAN: Final[tuple[Rule[MessageFacts], ...]] = (
    virus.RULE,  # before spam: malware is named as such
    spam.RULE,
)
