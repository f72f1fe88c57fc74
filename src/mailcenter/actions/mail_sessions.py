"""Running sessions of mail programs, which end with the password that opened them."""

from __future__ import annotations

from django.db import connection

from mailcenter.directory.models import Domain, Mailbox, User


def end_mail_sessions(*mailboxes: Mailbox) -> None:
    """Once the deed is done, whatever is logged in to them is logged out; who may come back, comes back."""
    # as they may have been logged in to
    spellings = {spelling for mailbox in mailboxes for spelling in (mailbox.address, mailbox.unicode_address)}
    if spellings:
        with connection.cursor() as cursor:
            cursor.execute("SELECT engine.end_sessions(%s)", [sorted(spellings)])


def end_mail_sessions_of(user: User) -> None:
    """Likewise, of the mailbox that is his, if there is one."""
    end_mail_sessions(*Mailbox.objects.filter(user=user).select_related("domain"))


def end_mail_sessions_in(domain: Domain) -> None:
    """Likewise, of all mailboxes of a domain."""
    end_mail_sessions(*domain.mailboxes.select_related("domain"))
