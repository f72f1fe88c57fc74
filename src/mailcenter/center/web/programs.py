"""Setting up mail programs: a page per mailbox in plain words, the profile for Apple's devices, and a page for all."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from mailcenter.center.discovery import apple
from mailcenter.center.discovery.services import Protocol, services
from mailcenter.center.web.access import EVERYONE, Request, only_for, scope_for
from mailcenter.center.web.public import public
from mailcenter.directory.scope import visible_mailboxes
from mailcenter.engines.tls import profile_files

log = logging.getLogger("center")


@dataclass(frozen=True)
class Shown:
    """One way to get or send mail, in the words that mail programs use."""

    title: Promise | str
    kind: str
    port: int
    encryption: str


_TITLES: dict[tuple[Protocol, bool], Promise | str] = {
    ("imap", False): _("Receiving mail"),
    ("smtp", False): _("Sending mail"),
    ("pop3", False): _("Receiving mail, where a program cannot do IMAP"),
    ("smtp", True): _("Sending mail, where a program has no SSL/TLS"),
}


def mail_programs() -> list[Shown]:
    """The services in the order in which people should try them."""
    return [
        Shown(
            _TITLES[service.protocol, service.starttls],
            service.protocol.upper(),
            service.port,
            "STARTTLS" if service.starttls else "SSL/TLS",
        )
        for service in services(settings.MAILCENTER)
    ]


@only_for(*EVERYONE)
def show(request: Request, pk: int) -> HttpResponse:
    """What to enter, and where, for each common program."""
    mailbox = get_object_or_404(visible_mailboxes(scope_for(request)), pk=pk)
    context = {"mailbox": mailbox, "address": mailbox.address, **_words()}
    return render(request, "center/programs/mailbox.html", context)


@only_for(*EVERYONE)
def profile(request: Request, pk: int) -> HttpResponse:
    """The profile for iPhone, iPad and Mac; without a password."""
    mailbox = get_object_or_404(visible_mailboxes(scope_for(request)), pk=pk)
    content = apple.profile(settings.MAILCENTER, mailbox.address, mailbox.display_name)
    try:
        content = apple.signed(content, *profile_files(settings.MAILCENTER))
    except (OSError, ValueError) as error:  # an unsigned one works too, the device only says so
        log.error("a profile is not signed: %s", error)
    answer = HttpResponse(content, content_type=apple.CONTENT_TYPE)
    name = content_disposition_header(as_attachment=True, filename=f"{mailbox.address}.mobileconfig")
    answer.headers["Content-Disposition"] = name or "attachment"
    return answer


@public
def show_strangers(request: HttpRequest) -> HttpResponse:
    """The same for any mailbox, for who is not signed in: programs link here."""
    return render(request, "center/programs/public.html", _words())


def _words() -> dict[str, object]:
    by_protocol = {service.protocol: service for service in reversed(services(settings.MAILCENTER))}
    return {"programs": mail_programs(), "imap": by_protocol["imap"], "smtp": by_protocol["smtp"]}
