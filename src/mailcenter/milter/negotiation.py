"""What is agreed with the MTA at the start: its offer cut down to what we want."""

from __future__ import annotations

from dataclasses import dataclass, field

from mailcenter.milter.constants import VERSION, Action, MacroStage, Step
from mailcenter.milter.errors import RemoteMilterError
from mailcenter.milter.events import Negotiate
from mailcenter.milter.responses import Negotiated


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a filter must be allowed, the steps it would like left out or unanswered, the macros it reads per stage."""

    actions: Action
    steps: Step
    macros: dict[MacroStage, tuple[str, ...]] = field(default_factory=dict)


def agree(offer: Negotiate, wanted: Wanted) -> Negotiated:
    """Our answer to the offer. Steps that the MTA does not offer to leave out are simply taken.

    Raises:
        RemoteMilterError: the MTA speaks an older protocol or does not allow what we must do.
    """
    if offer.version < VERSION:
        raise RemoteMilterError(f"the MTA speaks milter version {offer.version}; set milter_protocol = {VERSION}")
    missing = wanted.actions & ~offer.actions
    if missing:
        raise RemoteMilterError(f"the MTA does not allow {missing!r}")
    return Negotiated(wanted.actions, wanted.steps & offer.steps, wanted.macros)
