"""Running sessions of mail programs, which end with the password that opened them."""

from __future__ import annotations

from mailcenter.directory.models import Domain, Mailbox, SessionEnd, User


def end_sessions(mailbox: Mailbox) -> None:
    """Once the deed is done, whatever is logged in to this mailbox is logged out; who may come back, comes back."""
    SessionEnd.objects.bulk_create(SessionEnd(address=spelling) for spelling in _spellings(mailbox))


def end_sessions_of(user: User) -> None:
    """Likewise, of the mailbox that is his, if there is one."""
    mailbox = Mailbox.objects.filter(user=user).select_related("domain").first()
    if mailbox is not None:
        end_sessions(mailbox)


def end_sessions_in(domain: Domain) -> None:
    """Likewise, of all mailboxes of a domain."""
    SessionEnd.objects.bulk_create(
        SessionEnd(address=spelling)
        for mailbox in domain.mailboxes.select_related("domain")
        for spelling in _spellings(mailbox)
    )


def _spellings(mailbox: Mailbox) -> set[str]:
    """As it may have been logged in to."""
    return {mailbox.address, mailbox.unicode_address}
