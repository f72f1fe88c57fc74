"""Which rules are asked at which stage, in their order: cheap and certain questions first."""

from __future__ import annotations

from typing import Any, Final

from mailcenter.policy.facts import MailFacts, MessageFacts, RcptFacts
from mailcenter.policy.rule import Rule
from mailcenter.policy.rules import (
    attachments,
    ban,
    declared_size,
    denied_author,
    denied_sender,
    disabled_recipient,
    dmarc,
    dnsbl,
    full_mailbox,
    greylist,
    greylist_proof,
    helo,
    login_required,
    mail_loop,
    message_header,
    message_size,
    message_structure,
    mta_resolution,
    network_list,
    own_author,
    own_sender,
    rate,
    recipient_address,
    recipient_count,
    relaying,
    reverse_dns,
    sender_address,
    sender_domain,
    spam,
    unknown_recipient,
    virus,
)

MAIL: Final[tuple[Rule[MailFacts], ...]] = (
    ban.RULE,  # the cheapest refusal of all
    login_required.RULE,  # whoever has not logged in need not know more
    sender_address.RULE,
    own_sender.RULE,
    declared_size.RULE,
)

RCPT: Final[tuple[Rule[RcptFacts], ...]] = (
    recipient_address.RULE,
    network_list.RULE,  # about the client, said here so that the ledger knows sender and recipient
    recipient_count.RULE,
    relaying.RULE,  # a foreign domain: nothing more is asked about it
    unknown_recipient.RULE,
    disabled_recipient.RULE,
    full_mailbox.RULE,
    denied_sender.RULE,
    mta_resolution.RULE,  # the second judge speaks last, so that the reason of the first is heard
)

REPUTATION: Final[tuple[Rule[RcptFacts], ...]] = (
    helo.RULE,
    dnsbl.RULE,
    reverse_dns.RULE,
    sender_domain.RULE,
)
"""At RCPT too, where nothing else objects: only now their answers are waited for, asked since connect and MAIL."""

MEMORY: Final[tuple[Rule[RcptFacts], ...]] = (
    rate.RULE,
    greylist.RULE,  # last of all, as it only delays
)
"""At RCPT, where nothing else objects: only mail that would be taken is counted and remembered."""

BEFORE_SCAN: Final[tuple[Rule[MessageFacts], ...]] = (
    message_size.RULE,
    message_header.RULE,
    message_structure.RULE,
    mail_loop.RULE,
    own_author.RULE,
    denied_author.RULE,
)
"""What the message alone tells; a mail refused here costs no scan."""

AFTER_SCAN: Final[tuple[Rule[MessageFacts], ...]] = (
    virus.RULE,  # before the others: malware is named as such
    attachments.RULE,
    dmarc.RULE,
    spam.RULE,
    greylist_proof.RULE,
)

STAGES: Final[dict[str, tuple[Rule[Any], ...]]] = {
    "MAIL": MAIL,
    "RCPT": RCPT,
    "RCPT, last": REPUTATION + MEMORY,
    "DATA": BEFORE_SCAN,
    "scan": AFTER_SCAN,
}
"""By the stage at which they object; `scan` is the end of DATA with what the scanners found."""

ALL: Final[tuple[tuple[str, Rule[Any]], ...]] = tuple(
    (stage, rule) for stage, rules in STAGES.items() for rule in rules
)
"""Every rule with its stage, in the order of the questions."""

BY_NAME: Final[dict[str, Rule[Any]]] = {rule.name: rule for _, rule in ALL}
