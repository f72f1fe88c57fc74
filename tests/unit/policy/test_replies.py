"""The table of replies, walked whole."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from mailcenter.policy.replies import ALL, LONGEST_DETAIL, ReplyTemplate


@pytest.mark.parametrize("name", sorted(ALL))
def test_reply(name: str) -> None:
    template = ALL[name]
    assert re.fullmatch(r"[245]\.\d{1,3}\.\d{1,3}", template.enhanced)
    assert template.enhanced[0] == str(template.code)[0], "RFC 2034 section 4: the classes agree"
    assert template.text.isascii()
    blanks = {blank for _, blank, _, _ in Formatter().parse(template.text) if blank}
    reply = template.fill(log="inside", **dict.fromkeys(blanks, "v"))
    assert "{" not in reply.text
    assert reply.log == "inside"
    assert reply.line("0123456789abc") == f"{template.enhanced} {reply.text} [0123456789abc]"


def test_fillings_are_bounded_and_printable() -> None:
    reply = ReplyTemplate(550, "5.1.1", "<{address}>").fill(address="a\r\nb" + "x" * 1000)
    assert reply.text.startswith("<a??b")
    assert len(reply.text) == LONGEST_DETAIL + 2


def test_braces_in_a_filling_stay() -> None:
    assert ReplyTemplate(550, "5.1.1", "<{address}>").fill(address="{0}@{x}").text == "<{0}@{x}>"
