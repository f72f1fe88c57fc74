"""Every reply of the gate in one table: code (RFC 5321), enhanced code (RFC 3463, RFC 5248), text with its blanks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mailcenter.mail.reply import Reply

LONGEST_DETAIL: Final = 300


@dataclass(frozen=True, slots=True)
class ReplyTemplate:
    """A reply whose text has blanks in braces."""

    code: int
    enhanced: str
    text: str

    def fill(self, *, log: str = "", **values: object) -> Reply:
        """The reply with its blanks filled in; `log` is for us only."""
        filled = {name: _bounded(str(value)) for name, value in values.items()}
        return Reply(self.code, self.enhanced, self.text.format(**filled), log)


def _bounded(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text[:LONGEST_DETAIL])


ACCEPTED: Final = ReplyTemplate(250, "2.0.0", "accepted")
RECIPIENT_OK: Final = ReplyTemplate(250, "2.1.5", "recipient accepted")

# --- MAIL
BANNED: Final = ReplyTemplate(
    421, "4.7.0", "ip address {client} is banned for a while ({cause}), try again in {minutes} minutes"
)
BAD_SENDER: Final = ReplyTemplate(501, "5.1.7", "the sender address cannot be used: {fault}")
LOGIN_REQUIRED: Final = ReplyTemplate(530, "5.7.0", "log in first: this port is for our users' mail programs")
NOT_YOUR_ADDRESS: Final = ReplyTemplate(553, "5.7.1", "<{address}>: not an address of the login {login}")
TOO_MANY_SESSIONS: Final = ReplyTemplate(421, "4.7.0", "the account {login} has {most} sessions for sending already")
SESSION_ENDED: Final = ReplyTemplate(421, "4.7.0", "this session has been ended here, log in again")
DECLARED_TOO_LARGE: Final = ReplyTemplate(552, "5.3.4", "a message of {size} bytes is over the limit of {limit} bytes")

# --- the client, said at RCPT
NETWORK_REFUSED: Final = ReplyTemplate(554, "5.7.1", "ip address {client} is refused by this site")
BLACKLISTED: Final = ReplyTemplate(421, "4.7.1", "ip address {client} is blacklisted ({lists})")
BLACKLISTED_FOR_SURE: Final = ReplyTemplate(554, "5.7.1", "ip address {client} is blacklisted ({lists})")
NO_REVERSE_DNS: Final = ReplyTemplate(550, "5.7.25", "ip address {client} has no name by reverse DNS")
REVERSE_DNS_DIFFERS: Final = ReplyTemplate(
    550, "5.7.25", "the name {name} of ip address {client} does not lead back to it"
)
FALSE_HELO: Final = ReplyTemplate(550, "5.7.1", "you greeted as {helo}: {fault}")
NO_DNS_ANSWER: Final = ReplyTemplate(451, "4.4.3", "the DNS does not answer about {what}, try again later")

# --- the sender's domain, said at RCPT
NO_SENDER_DOMAIN: Final = ReplyTemplate(550, "5.1.8", "<{sender}>: the domain {domain} has neither MX nor address")
SENDER_TAKES_NO_MAIL: Final = ReplyTemplate(550, "5.7.27", "<{sender}>: the domain {domain} takes no mail (null MX)")

# --- RCPT
BAD_RECIPIENT: Final = ReplyTemplate(501, "5.1.3", "the recipient address cannot be used: {fault}")
TOO_MANY_RECIPIENTS: Final = ReplyTemplate(452, "4.5.3", "at most {limit} recipients at once, send the rest again")
RELAY_NOT_PERMITTED: Final = ReplyTemplate(550, "5.7.1", "<{address}>: Relay not permitted")
NO_SUCH_RECIPIENT: Final = ReplyTemplate(550, "5.1.1", "<{address}>: no such recipient here")
MAILBOX_DISABLED: Final = ReplyTemplate(550, "5.2.1", "<{address}>: this address is disabled")
DOMAIN_DISABLED: Final = ReplyTemplate(550, "5.1.2", "<{address}>: mail for this domain is disabled")
MAILBOX_FULL: Final = ReplyTemplate(452, "4.2.2", "<{address}>: the mailbox is full, try again later")
SENDER_DENIED: Final = ReplyTemplate(550, "5.7.1", "<{address}> does not accept mail from <{sender}>")
ROUTING_DIFFERS: Final = ReplyTemplate(451, "4.3.0", "<{address}>: this address is being changed, try again later")
REFUSED_BY_MTA: Final = ReplyTemplate(550, "5.1.0", "<{address}>: {text}")
DEFERRED_BY_MTA: Final = ReplyTemplate(450, "4.1.0", "<{address}>: {text}")

# --- the short-lived memory, said at RCPT
GREYLISTED: Final = ReplyTemplate(451, "4.7.1", "greylisted, try again in {seconds} seconds")
TOO_MANY_FROM_CLIENT: Final = ReplyTemplate(451, "4.7.1", "too many mails from ip address {client}")
TOO_MANY_FROM_SENDER: Final = ReplyTemplate(451, "4.7.1", "too many mails from <{sender}>")
TOO_MANY_TO_RECIPIENT: Final = ReplyTemplate(451, "4.7.1", "too many mails to <{address}>")

# --- the message
TOO_LARGE: Final = ReplyTemplate(552, "5.3.4", "the message of {size} bytes is over the limit of {limit} bytes")
TOO_COMPLEX: Final = ReplyTemplate(554, "5.6.0", "the message is too complex: {fault}")
TOO_MANY_HOPS: Final = ReplyTemplate(554, "5.4.6", "the message went through {hops} servers: a mail loop")
AUTHOR_NOT_YOURS: Final = ReplyTemplate(553, "5.7.1", "From: <{address}> is not an address of the login {login}")
DISOWNED_BY_AUTHOR: Final = ReplyTemplate(
    550, "5.7.1", "neither SPF nor DKIM proves the author's domain {author}: DMARC policy of {domain} ({request})"
)
INFECTED: Final = ReplyTemplate(554, "5.7.1", "the message holds malware: {finding}")
ATTACHMENT_REFUSED: Final = ReplyTemplate(
    554, "5.7.1", "the attachment {name} is of a kind that is not accepted here ({detail})"
)
SPAM: Final = ReplyTemplate(554, "5.7.1", "the message looks like spam (score {score})")
OUTGOING_SPAM: Final = ReplyTemplate(550, "5.7.1", "the message looks like spam (score {score}); if it is none, {help}")

# --- our own failures: the sender keeps the mail and comes back
TEMPORARY_FAILURE: Final = ReplyTemplate(451, "4.3.0", "temporary failure here, try again later")
BUSY: Final = ReplyTemplate(452, "4.3.1", "too much mail at once here, try again later")

ALL: Final[dict[str, ReplyTemplate]] = {
    name: value for name, value in list(globals().items()) if isinstance(value, ReplyTemplate)
}
"""The table by name, for the reference page and the tests."""
