"""What is agreed with the MTA."""

from __future__ import annotations

import pytest

from mailcenter.milter.constants import Action, MacroStage, Step
from mailcenter.milter.errors import RemoteMilterError
from mailcenter.milter.events import Negotiate
from mailcenter.milter.negotiation import Wanted, agree

WANTED = Wanted(Action.ADD_HEADERS, Step.SKIP | Step.NO_DATA, {MacroStage.MAIL: ("i",)})


def test_takes_no_more_than_it_wants() -> None:
    agreed = agree(Negotiate(6, Action(0x1FF), Step(0x1FFFFF)), WANTED)
    assert (agreed.actions, agreed.steps, agreed.macros) == (WANTED.actions, WANTED.steps, WANTED.macros)


def test_takes_no_step_that_is_not_offered() -> None:
    assert agree(Negotiate(6, Action(0x1FF), Step.SKIP), WANTED).steps == Step.SKIP


def test_old_version_is_refused() -> None:
    with pytest.raises(RemoteMilterError, match="milter_protocol = 6"):
        agree(Negotiate(2, Action(0x1FF), Step(0x1FFFFF)), WANTED)


def test_missing_action_is_refused() -> None:
    with pytest.raises(RemoteMilterError, match="ADD_HEADERS"):
        agree(Negotiate(6, Action.CHANGE_HEADERS, Step(0x1FFFFF)), WANTED)
