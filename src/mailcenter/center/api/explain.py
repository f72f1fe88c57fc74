"""`/gate/explain`: what the gate would do with a mail."""

from __future__ import annotations

import base64
import binascii
from http import HTTPStatus
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Router
from ninja.errors import HttpError
from pydantic import BaseModel, Field, StringConstraints

from mailcenter.actions import ActionError
from mailcenter.actions.rights import require_operator
from mailcenter.center.api.auth import ApiKeyAuth, KeyRequest
from mailcenter.center.api.values import Input
from mailcenter.serve.explaining import ExplainError, ask_gate
from mailcenter.settings.load import load, paths

router = Router()
WRITE = ApiKeyAuth("gate:write")

_Address = Annotated[str, StringConstraints(max_length=320)]


class MailIn(Input):
    """A mail and how it would come."""

    client: Annotated[str, StringConstraints(max_length=45)] = Field(description="IP address of the sending server.")
    helo: Annotated[str, StringConstraints(max_length=255)] = Field(description="The name it greets with.")
    mail_from: _Address = Field(description="MAIL FROM; empty: a notice's.")
    rcpt_to: Annotated[list[_Address], Field(min_length=1, max_length=100)]
    message: Annotated[str, StringConstraints(max_length=1_900_000)] = Field(description="The mail, in Base64.")
    login: _Address = Field(default="", description="As if this login had submitted it.")


class RuleAnswer(BaseModel):
    """What one rule said. `answer`: passes, objects, off, spared, or not reached."""

    stage: str
    rule: str
    recipient: str
    answer: str
    reply: str
    ms: float


class RecipientAnswer(BaseModel):
    """What one recipient would be answered, and how his copy would be treated."""

    address: str
    kind: str
    verdict: str
    reply: str
    rule: str
    treatment: str


class Explanation(BaseModel):
    """The verdict, and all that led to it."""

    verdict: str
    stage: str
    rule: str
    reply: str
    log: str
    score: float | None
    recipients: list[RecipientAnswer]
    rules: list[RuleAnswer]
    milliseconds: dict[str, float]
    facts: dict[str, Any]


@router.post("/explain", response=Explanation, auth=WRITE, summary="Explain what the gate would do with a mail")
def explain_mail(request: KeyRequest, body: MailIn) -> dict[str, Any]:
    """Each rule's answer; nothing is delivered, recorded or counted. For operators. Scope: `gate:write`."""
    require_operator(request.auth.actor)
    try:
        message = base64.b64decode(body.message, validate=True)
    except binascii.Error:
        raise ActionError("message", _("This is no Base64.")) from None
    try:
        return ask_gate(
            paths(load()).gate_control_socket,
            client=body.client,
            helo=body.helo,
            mail_from=body.mail_from,
            rcpt_to=body.rcpt_to,
            message=message,
            login=body.login,
        )
    except ExplainError as error:
        if error.field:
            raise ActionError(error.field, _("This is no IP address.")) from None
        raise HttpError(HTTPStatus.SERVICE_UNAVAILABLE, _("The gate does not answer; try again later.")) from None
