"""A reply is known again by its text."""

from __future__ import annotations

from string import Formatter

import pytest

from mailcenter.policy.replies import ALL
from mailcenter.policy.reply_names import BY_SLUG, name_of, slug_of

FILLINGS = ("v", "", "<a@b.test> (x) [y] {z}", "a: b; c")


@pytest.mark.parametrize("filling", FILLINGS)
@pytest.mark.parametrize("name", sorted(ALL))
def test_each_reply_is_known_again(name: str, filling: str) -> None:
    template = ALL[name]
    blanks = {blank for _, blank, _, _ in Formatter().parse(template.text) if blank}
    reply = template.fill(**dict.fromkeys(blanks, filling))
    assert name_of(reply.code, reply.enhanced, reply.text) == name


def test_what_is_none_of_ours_has_no_name() -> None:
    assert name_of(550, "5.1.1", "something else") == ""
    assert name_of(554, "5.1.1", "<a@b.test>: no such recipient here") == ""


def test_each_name_has_a_form_for_addresses() -> None:
    assert BY_SLUG["no-such-recipient"] == "NO_SUCH_RECIPIENT"
    assert {slug_of(name) for name in ALL} == set(BY_SLUG)
