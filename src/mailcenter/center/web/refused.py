"""What was refused for a mailbox owner, with one click to allow a sender (promise E5)."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mailcenter.actions import ActionError, senders
from mailcenter.actions.base import Actor
from mailcenter.center.web.access import Request, actor_of, only_for, scope_for
from mailcenter.center.web.lists import PAGE
from mailcenter.directory.models import Mailbox, Role, SenderAction
from mailcenter.directory.scope import visible_mailboxes, visible_sender_entries
from mailcenter.ledger.queries import search, story
from mailcenter.ledger.story import Summary

ALLOWABLE: Final = frozenset({"spam", "greylist", "denied-sender", "denied-author"})
"""Rules that an allow entry lifts; viruses, attachments and the reputation of servers it does not."""


def sender_of(mail: Summary) -> str:
    """Whom an entry would name: the author if he is known, else the envelope's sender."""
    return mail.header_from or mail.mail_from


def may_be_allowed(mail: Summary) -> bool:
    """Whether an entry on the owner's list would help."""
    rules = {mail.rule, *(recipient.rule for recipient in mail.recipients)}
    return bool(sender_of(mail)) and bool(rules & ALLOWABLE)


@only_for(Role.MAILBOX)
def index(request: Request) -> HttpResponse:
    """The newest first; continued by `before`."""
    found = search(scope_for(request), verdict="reject", limit=PAGE + 1, before=request.GET.get("before") or None)
    rows = [(mail, may_be_allowed(mail)) for mail in found[:PAGE] if mail.service == "mx"]
    older = found[PAGE - 1].cursor if len(found) > PAGE else ""
    return render(request, "center/refused/list.html", {"rows": rows, "older": older})


@only_for(Role.MAILBOX)
def allow(request: Request, reference: str) -> HttpResponse:
    """By POST: put the sender of that mail on one's own list of allowed senders."""
    scope = scope_for(request)
    told = story(scope, reference)
    mailbox = visible_mailboxes(scope).first()
    if told is None or mailbox is None or not may_be_allowed(told.summary):
        raise Http404
    if request.method != "POST":
        return redirect("refused")
    sender = sender_of(told.summary)
    try:
        _allow(actor_of(request), mailbox, sender, told.summary.reference)
    except ActionError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("%(sender)s is allowed from now on.") % {"sender": sender})
    return redirect("refused")


@transaction.atomic
def _allow(actor: Actor, mailbox: Mailbox, sender: str, reference: str) -> None:
    known = visible_sender_entries(actor.scope).filter(mailbox=mailbox, kind="address", pattern=sender.lower()).first()
    if known:
        senders.change_sender(actor=actor, entry=known, action=SenderAction.ALLOW)
    else:
        senders.create_sender(actor=actor, sender=sender, action=SenderAction.ALLOW, place=mailbox, note=reference)
