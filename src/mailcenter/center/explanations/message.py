"""Replies about the message: its size, its form, what is in it."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from mailcenter.center.explanations.explanation import Explanation

EXPLANATIONS: Final[dict[str, Explanation]] = {
    "DECLARED_TOO_LARGE": Explanation(
        _("The mail is too large"),
        _("The sending server announced a mail larger than the limit that the reply names."),
        _(
            "Make the attachments smaller, spread them over several mails, or send a link instead. Attachments "
            "grow by a third on their way."
        ),
    ),
    "TOO_LARGE": Explanation(
        _("The mail is too large"),
        _("The mail is larger than the limit that the reply names."),
        _(
            "Make the attachments smaller, spread them over several mails, or send a link instead. Attachments "
            "grow by a third on their way."
        ),
    ),
    "TOO_COMPLEX": Explanation(
        _("The mail is too complex"),
        _("The mail has more header fields, longer ones, or more parts than real mails have."),
        _(
            "Look for the program that adds so many header fields, for example a filter that mail goes through "
            "again and again. Send many files together in one archive."
        ),
    ),
    "TOO_MANY_HOPS": Explanation(
        _("The mail goes round in a circle"),
        _("The mail has passed through so many servers that it must be going round between some of them."),
        _(
            "Look at the Received fields of the mail: the servers that repeat forward to each other. Correct "
            "their forwarding or MX records."
        ),
    ),
    "INFECTED": Explanation(
        _("The mail holds malware"),
        _("The virus scanner found a virus or other harmful software in the mail; the reply names it."),
        _(
            "Check the computer that sent the mail for viruses. If you are certain that the file is harmless, "
            "send it in another way and report the error to the maker of the scanner (ClamAV)."
        ),
        ("misuse",),
    ),
    "ATTACHMENT_REFUSED": Explanation(
        _("An attachment of this kind is not accepted"),
        _(
            "The mail holds a file that can run as a program on the recipient's computer, perhaps within an "
            "archive. The reply names it."
        ),
        _("Send documents as PDF, or agree with the recipient on another way, for example a link to a download."),
    ),
    "SPAM": Explanation(
        _("The mail looks like spam"),
        _("The content of the mail, its form and its origin together have many marks of spam."),
        _(
            "Write in plain words without many links and capital letters, and set up SPF, DKIM and reverse DNS "
            "for your server. The recipient can put you on the list of allowed senders. If the mail was no "
            "spam, report it to us."
        ),
        (
            "dmarc",
            "ptr",
            "tools",
        ),
    ),
    "OUTGOING_SPAM": Explanation(
        _("Your mail looks like spam"),
        _(
            "A mail that was sent with a login of this site has many marks of spam. Perhaps somebody else knows "
            "the password."
        ),
        _(
            "If you did not send it, change your password at once. If it is an honest mail, name the reference "
            "to our support."
        ),
        ("login",),
    ),
}
