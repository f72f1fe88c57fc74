"""What Postfix answers by itself, before the gate is asked: replies without a reference."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OF_POSTFIX: Final[tuple[tuple[str, Promise | str, Promise | str], ...]] = (
    (
        "501 5.1.3 Bad recipient address syntax, 501 5.1.7 Bad sender address syntax",
        _("The address does not have the form that RFC 5321 demands."),
        _("Correct the address. Blanks and special characters must stand in quotation marks, or better not at all."),
    ),
    (
        "500 5.5.2, 502 5.5.1, 503 5.5.1 Error: …",
        _(
            "The sending program does not keep to the SMTP protocol: a command unknown, in the wrong order, or "
            "not in SMTP at all."
        ),
        _("Use an ordinary mail server or mail program. Firewalls that change SMTP on its way cause this, too."),
    ),
    (
        "550 5.5.1 Protocol error, 521 5.5.1, 421 4.7.0 Error: too many errors",
        _(
            "The sending program spoke before it was its turn, or made too many errors in one connection. "
            "Programs that send spam do so."
        ),
        _(
            "Use an ordinary mail server that waits for the greeting, and remove addresses that no longer exist "
            "from your lists."
        ),
    ),
    (
        "421 4.4.2 Error: timeout exceeded, 421 4.7.0 Error: too many connections",
        _("The sending server was silent for too long, or opened too many connections at once."),
        _(
            "Nothing need be done: your server tries again by itself. If it stays so, lower the number of "
            "parallel connections."
        ),
    ),
    (
        "451 4.7.1 Service unavailable - try again later, 451 4.3.0, 452 4.3.1",
        _(
            "A part of this site was not ready. That is not the fault of the sender, and the mail is not lost: "
            "the sending server still has it."
        ),
        _("Nothing need be done: your server tries again by itself."),
    ),
    (
        "535 5.7.8 Error: authentication failed, 530 5.7.0 Must issue a STARTTLS command first",
        _("The login or the password is wrong, or the mail program does not encrypt the connection."),
        _("Check user name and password in the mail program, and choose encryption (TLS) for outgoing mail."),
    ),
)
"""What it says, the cause, the remedy."""
