"""Reports of postmasters elsewhere that a mail was refused wrongly: filed by them, answered by operators."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailcenter.actions import values
from mailcenter.actions.base import ActionError, Actor, audit, found
from mailcenter.actions.networks import create_network
from mailcenter.actions.rights import require_operator
from mailcenter.actions.senders import create_sender
from mailcenter.directory.barrier import beyond_barrier
from mailcenter.directory.models import MailState, NetworkAction, RefusalReport, ReportStatus, SenderAction
from mailcenter.directory.scope import visible_reports

LONGEST_MESSAGE: Final = 4000
MOST_PER_REFERENCE: Final = 3
MOST_PER_NETWORK: Final = 10
"""Reports from one network in a day."""
MOST_PER_DAY: Final = 500
"""From everywhere together: more than people can answer, and few enough for the database."""
_LOCK: Final = 0x7265706F7274
_ON_ITS_WAY: Final = frozenset({MailState.PENDING, MailState.SENDING})
_PLATFORM: Final = Actor(user=None, via="system")


@transaction.atomic
def file_report(
    *,
    reference: str,
    started_at: datetime,
    reporter_email: str,
    message: str,
    reporter_name: str = "",
    language: str = "",
    network: str = "",
) -> RefusalReport:
    """Take a report from the public page, filed from this network.

    Raises:
        ActionError: naming the argument at fault, or none where there are too many reports.
    """
    report = RefusalReport(
        reference=reference,
        started_at=started_at,
        reporter_name=values.text(reporter_name, "reporter_name"),
        reporter_email=values.address(reporter_email, "reporter_email"),
        message=_long_text(message, "message"),
        language=values.language(language),
        reporter_network=network,
    )
    with beyond_barrier():
        _refuse_too_many(report)
        report.save()
        audit(_PLATFORM, "report.create", report, {"reporter_email": report.reporter_email})
    return report


def _refuse_too_many(report: RefusalReport) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])  # so that two at once do not both find room
    if RefusalReport.objects.filter(reference=report.reference).count() >= MOST_PER_REFERENCE:
        raise ActionError("", _("This refusal has been reported already. You will get an answer by mail."))
    today = RefusalReport.objects.filter(created_at__gte=timezone.now() - timedelta(days=1))
    if report.reporter_network and today.filter(reporter_network=report.reporter_network).count() >= MOST_PER_NETWORK:
        raise ActionError("", _("Too many reports came from your network today. Please try again tomorrow."))
    if today.count() >= MOST_PER_DAY:
        raise ActionError("", _("Too many reports came today. Please try again tomorrow."))


@transaction.atomic
def answer_report(
    *, actor: Actor, report: RefusalReport, status: str, answer: str, sender: str = "", network: str = ""
) -> RefusalReport:
    """Close a report; the answer goes to the postmaster by mail.

    `allowed`: `sender` or `network` goes on the platform's list of those let through in the same breath.

    Raises:
        ActionError: naming the argument at fault; the sender may be on the list already.
    """
    report = found(visible_reports(actor.scope), report, "report")
    require_operator(actor, "report")
    if status not in ReportStatus.values or status == ReportStatus.OPEN:
        raise ActionError("status", _("The status must be answered, allowed or rejected."))
    if report.status != ReportStatus.OPEN:
        raise ActionError("status", _("The report has been answered already."))
    if bool(sender or network) != (status == ReportStatus.ALLOWED):
        raise ActionError("sender", _("Name the sender or the network to be allowed, and only then."))
    if sender:
        create_sender(actor=actor, sender=sender, action=SenderAction.ALLOW, note=report.reference)
    if network:
        create_network(actor=actor, network=network, action=NetworkAction.ALLOW, note=report.reference)
    old, report.status = report.status, ReportStatus(status)
    report.answer = _long_text(answer, "answer")
    report.handled_by = actor.user
    report.handled_at = timezone.now()
    report.mail_state, report.mail_due_at, report.mail_tries = MailState.PENDING, report.handled_at, 0
    report.save(
        update_fields=["status", "answer", "handled_by", "handled_at", "mail_state", "mail_due_at", "mail_tries"]
    )
    audit(actor, "report.answer", report, {"status": [old, report.status]})
    return report


@transaction.atomic
def reopen_report(*, actor: Actor, report: RefusalReport) -> RefusalReport:
    """Open a closed report again; the answer given stays readable until the next one. A list keeps what was allowed.

    Raises:
        ActionError: it is open, or its answer is on its way.
    """
    report = _for_operator(actor, report)
    if report.status == ReportStatus.OPEN:
        raise ActionError("report", _("The report is open."))
    if report.mail_state in _ON_ITS_WAY:
        raise ActionError("report", _("The answer is on its way. Please wait until it is sent."))
    old, report.status = report.status, ReportStatus.OPEN
    report.save(update_fields=["status"])
    audit(actor, "report.reopen", report, {"status": [old, report.status]})
    return report


@transaction.atomic
def resend_answer(*, actor: Actor, report: RefusalReport) -> RefusalReport:
    """Send an answer anew that could not be sent.

    Raises:
        ActionError: it did not fail, or the report is open again.
    """
    report = _for_operator(actor, report)
    if report.mail_state != MailState.FAILED or report.status == ReportStatus.OPEN:
        raise ActionError("report", _("Only an answer that could not be sent can be sent again."))
    report.mail_state, report.mail_due_at, report.mail_tries = MailState.PENDING, timezone.now(), 0
    report.save(update_fields=["mail_state", "mail_due_at", "mail_tries"])
    audit(actor, "report.resend", report, {})
    return report


def _for_operator(actor: Actor, report: RefusalReport) -> RefusalReport:
    """The report as it is now, kept from the notices daemon until the end of the transaction."""
    found(visible_reports(actor.scope), report, "report")
    require_operator(actor, "report")
    return RefusalReport.objects.select_for_update().get(pk=report.pk)


def _long_text(value: str, field: str) -> str:
    value = value.replace("\r\n", "\n").strip()
    if not value:
        raise ActionError(field, _("This must not be empty."))
    if len(value) > LONGEST_MESSAGE or "\0" in value:
        raise ActionError(field, _("This is longer than %(longest)d characters.") % {"longest": LONGEST_MESSAGE})
    return value
