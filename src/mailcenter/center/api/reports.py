"""`/reports`: what postmasters elsewhere say was refused wrongly."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Router
from pydantic import BaseModel, StringConstraints

from mailcenter.actions.reports import LONGEST_MESSAGE, answer_report, reopen_report, resend_answer
from mailcenter.center.api.auth import ApiKeyAuth, KeyRequest
from mailcenter.center.api.values import After, Id, Input, Limit, Line, page, seen
from mailcenter.directory.plain_gate import plain_report
from mailcenter.directory.scope import visible_reports

router = Router()
READ = ApiKeyAuth("gate:read")
WRITE = ApiKeyAuth("gate:write")

LongText = Annotated[str, StringConstraints(max_length=LONGEST_MESSAGE)]


class ReportOut(BaseModel):
    """A report; `reference` leads to the mail in the ledger, `mail_state` tells whether the answer has gone out."""

    id: int
    reference: str
    started_at: datetime
    reporter_name: str
    reporter_email: str
    message: str
    language: str
    status: str
    answer: str
    handled_by: str | None
    created_at: datetime
    handled_at: datetime | None
    mail_state: str
    mail_said: str


class Reports(BaseModel):
    """A page of reports, oldest first."""

    items: list[ReportOut]
    next: int | None


class AnswerIn(Input):
    """`allowed` puts `sender` or `network` on the platform's list of those let through. The answer goes out by mail."""

    status: Literal["answered", "allowed", "rejected"]
    answer: LongText
    sender: Line = ""
    network: Line = ""


@router.get("", response=Reports, auth=READ, summary="List reports")
def list_all(
    request: KeyRequest,
    limit: Limit = 50,
    after: After = 0,
    status: Literal["", "open", "answered", "allowed", "rejected"] = "",
) -> dict[str, Any]:
    """For operators. Scope: `gate:read`."""
    rows = visible_reports(request.auth.scope)
    return page(rows.filter(status=status) if status else rows, plain_report, limit=limit, after=after)


@router.get("/{report_id}", response=ReportOut, auth=READ, summary="Show a report")
def show(request: KeyRequest, report_id: Id) -> dict[str, Any]:
    """For operators. Scope: `gate:read`."""
    return plain_report(seen(visible_reports(request.auth.scope), report_id, "report_id"))


@router.post("/{report_id}/answer", response=ReportOut, auth=WRITE, summary="Answer a report")
def answer(request: KeyRequest, report_id: Id, body: AnswerIn) -> dict[str, Any]:
    """For operators. Scope: `gate:write`."""
    report = seen(visible_reports(request.auth.scope), report_id, "report_id")
    return plain_report(answer_report(actor=request.auth.actor, report=report, **body.model_dump()))


@router.post("/{report_id}/reopen", response=ReportOut, auth=WRITE, summary="Open a closed report again")
def reopen(request: KeyRequest, report_id: Id) -> dict[str, Any]:
    """For operators. Scope: `gate:write`."""
    report = seen(visible_reports(request.auth.scope), report_id, "report_id")
    return plain_report(reopen_report(actor=request.auth.actor, report=report))


@router.post("/{report_id}/resend", response=ReportOut, auth=WRITE, summary="Send an answer again that failed")
def resend(request: KeyRequest, report_id: Id) -> dict[str, Any]:
    """For operators. Scope: `gate:write`."""
    report = seen(visible_reports(request.auth.scope), report_id, "report_id")
    return plain_report(resend_answer(actor=request.auth.actor, report=report))
