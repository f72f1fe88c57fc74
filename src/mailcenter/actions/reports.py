"""Reports of postmasters elsewhere that a mail was refused wrongly: filed by them, answered by operators."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mailcenter.actions import values
from mailcenter.actions.base import ActionError, Actor, audit, found
from mailcenter.actions.rights import require_operator
from mailcenter.actions.senders import create_sender
from mailcenter.directory.models import RefusalReport, ReportStatus, SenderAction
from mailcenter.directory.scope import visible_reports

LONGEST_MESSAGE: Final = 4000


def file_report(
    *,
    reference: str,
    started_at: datetime,
    reporter_email: str,
    message: str,
    reporter_name: str = "",
    language: str = "",
) -> RefusalReport:
    """Take a report from the public page; who may file how many is the page's matter.

    Raises:
        ActionError: naming the argument at fault.
    """
    return RefusalReport.objects.create(
        reference=reference,
        started_at=started_at,
        reporter_name=values.text(reporter_name, "reporter_name"),
        reporter_email=values.address(reporter_email, "reporter_email"),
        message=_long_text(message, "message"),
        language=values.language(language),
    )


@transaction.atomic
def answer_report(*, actor: Actor, report: RefusalReport, status: str, answer: str, sender: str = "") -> RefusalReport:
    """Close a report. `allowed`: `sender` goes on the platform's list of allowed senders in the same breath.

    Raises:
        ActionError: naming the argument at fault; the sender may be on the list already.
    """
    report = found(visible_reports(actor.scope), report, "report")
    require_operator(actor, "report")
    if status not in ReportStatus.values or status == ReportStatus.OPEN:
        raise ActionError("status", _("The status must be answered, allowed or rejected."))
    if bool(sender) != (status == ReportStatus.ALLOWED):
        raise ActionError("sender", _("Name the sender if he is to be allowed, and only then."))
    if sender:
        create_sender(actor=actor, sender=sender, action=SenderAction.ALLOW, note=report.reference)
    old, report.status = report.status, ReportStatus(status)
    report.answer = _long_text(answer, "answer")
    report.handled_by = actor.user
    report.handled_at = timezone.now()
    report.save(update_fields=["status", "answer", "handled_by", "handled_at"])
    audit(actor, "report.answer", report, {"status": [old, report.status]})
    return report


def _long_text(value: str, field: str) -> str:
    value = value.replace("\r\n", "\n").strip()
    if not value:
        raise ActionError(field, _("This must not be empty."))
    if len(value) > LONGEST_MESSAGE or "\0" in value:
        raise ActionError(field, _("This is longer than %(longest)d characters.") % {"longest": LONGEST_MESSAGE})
    return value
