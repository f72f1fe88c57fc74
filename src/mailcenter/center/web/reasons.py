"""Why a mail was not taken, in plain words: what the gate's rules mean for people."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mailcenter.ledger.story import Summary
from mailcenter.mail.reply import bare_reply

REASONS: dict[str, Promise | str] = {
    "login-required": _("The sender did not sign in; mail programs must do so before they send."),
    "sender-address": _("The sender's address is not a valid one."),
    "own-sender": _("The sender used an address that is not their own."),
    "own-author": _("The sender wrote under an address that is not their own."),
    "declared-size": _("The mail is larger than allowed."),
    "message-size": _("The mail is larger than allowed."),
    "recipient-address": _("The recipient's address is not a valid one."),
    "recipient-count": _("Too many recipients at once; the sender's server sends to the rest again."),
    "relaying": _("The recipient is elsewhere and the sender did not sign in; nothing is passed on for strangers."),
    "unknown-recipient": _("This address does not exist here."),
    "disabled-recipient": _("This address is switched off."),
    "full-mailbox": _("The mailbox is full; the sender's server tries again."),
    "mta-resolution": _("This address was being changed at that moment; the sender's server tries again."),
    "message-header": _("The head of the mail is too large to be real."),
    "message-structure": _("The mail has more parts than a real one."),
    "network-list": _("The sender's server is on a list of networks that are refused here."),
    "ban": _("The sender's server was shut out for a while, because it made too many attempts that had to be refused."),
    "dnsbl": _("The sender's server is on public lists of servers that send spam."),
    "helo": _("The sender's server gave a false name."),
    "reverse-dns": _("The address of the sender's server has no valid name in the DNS."),
    "sender-domain": _("The sender's domain cannot take mail, so that no answer would reach them."),
    "dmarc": _("The domain that stands as author says that such a mail is not from it."),
    "denied-sender": _("The sender is on a list of those who are refused here."),
    "denied-author": _("The author is on a list of those who are refused here."),
    "rate": _("Too many mails came within a short time; the sender's server tries again."),
    "greylist": _(
        "The sender's server is not known here yet; it tries again after a moment, and then the mail is taken."
    ),
    "greylist-proof": _(
        "The sender's server is not known here yet; it tries again after a moment, and then the mail is taken."
    ),
    "mail-loop": _("The mail went round in a circle between servers."),
    "virus": _("The mail holds a virus or other harmful software."),
    "attachments": _("The mail holds an attachment of a kind that is not accepted here."),
    "spam": _("The mail looks like spam."),
    "too-many-sessions": _("The account had too many connections for sending at once."),
    "session-ended": _("The mail program's session was ended, as after a change of the password; it signs in anew."),
    "memory": _("Too much mail came at once; the sender's server tries again."),
    "unavailable": _("A part of this platform was not ready; the sender's server tries again."),
}
"""By the name of the rule; `unavailable` stands for all `unavailable-PART`."""


def reason(summary: Summary) -> Promise | str:
    """Why the mail was not taken; by a rule without words here, what the sender was told; empty where it was taken."""
    if summary.verdict == "accept":
        return ""
    rule = next(filter(None, (summary.rule, *(recipient.rule for recipient in summary.recipients))), "")
    known = REASONS.get("unavailable" if rule.startswith("unavailable-") else rule)
    return known or bare_reply(reply(summary))


def reply(summary: Summary) -> str:
    """What the sender was told, of the whole mail or of the first recipient refused."""
    return next(filter(None, (summary.reply, *(recipient.reply for recipient in summary.recipients))), "")
