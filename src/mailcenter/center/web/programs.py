"""What a mail program must be told: server, port and encryption of each service."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Service:
    """One way to get or send mail, in the words that mail programs use."""

    title: Promise | str
    kind: str
    port: int
    encryption: str


def mail_programs() -> list[Service]:
    """The services in the order in which people should try them."""
    listen = settings.MAILCENTER.listen
    return [
        Service(_("Receiving mail"), "IMAP", listen.imaps, "SSL/TLS"),
        Service(_("Sending mail"), "SMTP", listen.submissions, "SSL/TLS"),
        Service(_("Receiving mail, where a program cannot do IMAP"), "POP3", listen.pop3s, "SSL/TLS"),
        Service(_("Sending mail, where a program has no SSL/TLS"), "SMTP", listen.submission, "STARTTLS"),
    ]
