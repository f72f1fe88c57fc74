"""`/gate`: the rules of the gate and the list of client networks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Path, Router
from pydantic import BaseModel, Field, StringConstraints

from mailcenter.actions import NotFoundError
from mailcenter.actions.networks import change_network, create_network, remove_network
from mailcenter.actions.rules import book_in_force, change_rule
from mailcenter.center.api.auth import ApiKeyAuth, Caller, KeyRequest
from mailcenter.center.api.values import After, Done, Id, Input, Limit, Line, page, seen
from mailcenter.directory.plain_gate import plain_network, plain_rule
from mailcenter.directory.scope import visible_network_entries
from mailcenter.ledger.refusal_counts import refused_lately
from mailcenter.policy import table
from mailcenter.policy.rule import Rule

router = Router()
READ = ApiKeyAuth("gate:read")
WRITE = ApiKeyAuth("gate:write")

RuleName = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z0-9-]+$"), Path(description="Rule.")]
Action = Literal["allow", "refuse"]


class FigureOut(BaseModel):
    """A figure of a rule; operators may set it from `minimum` to `maximum`."""

    value: float
    default: float
    minimum: float
    maximum: float
    unit: str
    description: str


class RuleOut(BaseModel):
    """A rule; `stage` is where in the SMTP dialogue it objects.

    `refused_day` and `refused_week`: how often it has refused or put off in the last 24 hours and 7 days; each
    recipient counts, and a mail that was refused before it named one.
    """

    name: str
    stage: str
    description: str
    standard: str
    enabled: bool
    switchable: bool
    reputation: bool
    thresholds: dict[str, FigureOut]
    refused_day: int
    refused_week: int


class Rules(BaseModel):
    """All rules, in the order in which they are asked."""

    items: list[RuleOut]


class RuleChange(Input):
    """What may be changed; a figure that is null goes back to its default."""

    enabled: bool = True
    thresholds: dict[str, float | None] = Field(default={})


class NetworkOut(BaseModel):
    """A network on the list, in CIDR form."""

    id: int
    network: str
    action: str
    note: str
    created_at: datetime


class Networks(BaseModel):
    """A page of networks."""

    items: list[NetworkOut]
    next: int | None


class NetworkIn(Input):
    """A network or a single address."""

    network: Line
    action: Action
    note: Line = ""


class NetworkChange(Input):
    """What may be changed."""

    action: Action = "allow"
    note: Line = ""


_Staged = tuple[str, Rule[Any]]


def _rules(caller: Caller) -> tuple[_Staged, ...]:
    """The rules are for the platform's people."""
    return table.ALL if caller.scope.kind == "operator" else ()


def _rule(caller: Caller, name: str) -> _Staged:
    found = next((one for one in _rules(caller) if one[1].name == name), None)
    if found is None:
        raise NotFoundError("rule_name", _("There is no rule of this name."))
    return found


def _plain(rules: Iterable[_Staged]) -> list[dict[str, Any]]:
    book = book_in_force()
    return [plain_rule(stage, rule, book) | refused_lately(rule.name) for stage, rule in rules]


@router.get("/rules", response=Rules, auth=READ, summary="List the rules")
def list_rules(request: KeyRequest) -> dict[str, Any]:
    """With their switches and figures in force, and how often each has refused. For operators. Scope: `gate:read`."""
    return {"items": _plain(_rules(request.auth))}


@router.get("/rules/{rule_name}", response=RuleOut, auth=READ, summary="Show a rule")
def show_rule(request: KeyRequest, rule_name: RuleName) -> dict[str, Any]:
    """For operators. Scope: `gate:read`."""
    return _plain([_rule(request.auth, rule_name)])[0]


@router.patch("/rules/{rule_name}", response=RuleOut, auth=WRITE, summary="Change a rule")
def change_one_rule(request: KeyRequest, rule_name: RuleName, body: RuleChange) -> dict[str, Any]:
    """Switch it, or set its figures; the gate follows at once. For operators. Scope: `gate:write`."""
    rule = _rule(request.auth, rule_name)
    change_rule(actor=request.auth.actor, rule=rule_name, **body.model_dump(exclude_unset=True))
    return _plain([rule])[0]


@router.get("/networks", response=Networks, auth=READ, summary="List client networks")
def list_networks(request: KeyRequest, limit: Limit = 50, after: After = 0) -> dict[str, Any]:
    """Those always let through or always refused. For operators. Scope: `gate:read`."""
    return page(visible_network_entries(request.auth.scope), plain_network, limit=limit, after=after)


@router.post("/networks", response={201: NetworkOut}, auth=WRITE, summary="Put a network on the list")
def add_network(request: KeyRequest, body: NetworkIn) -> dict[str, Any]:
    """For operators. Scope: `gate:write`."""
    return plain_network(create_network(actor=request.auth.actor, **body.model_dump()))


@router.patch("/networks/{network_id}", response=NetworkOut, auth=WRITE, summary="Change a network on the list")
def change_one_network(request: KeyRequest, network_id: Id, body: NetworkChange) -> dict[str, Any]:
    """For operators. Scope: `gate:write`."""
    entry = seen(visible_network_entries(request.auth.scope), network_id, "network_id")
    changes = body.model_dump(exclude_unset=True)
    return plain_network(change_network(actor=request.auth.actor, entry=entry, **changes))


@router.delete("/networks/{network_id}", response=Done, auth=WRITE, summary="Take a network off the list")
def remove_one_network(request: KeyRequest, network_id: Id) -> dict[str, str]:
    """For operators. Scope: `gate:write`."""
    entry = seen(visible_network_entries(request.auth.scope), network_id, "network_id")
    return {"message": remove_network(actor=request.auth.actor, entry=entry)}
