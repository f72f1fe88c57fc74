"""A refusal on the wire: reference, link, and the bounds of a line."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.milter.responses import LONGEST_REPLY_LINE, ReplyCode
from mailcenter.serve.gate.answer import refuse

REFERENCE = "0123456789abc"
PAGES = "https://mx.test/r/"


def _said(text: str, *, pages: str = PAGES, utf8: bool = False) -> tuple[str, ...]:
    (answer,) = refuse(Reply(550, "5.7.1", text), REFERENCE, pages=pages, utf8=utf8)
    assert isinstance(answer, ReplyCode)
    assert answer.payload().startswith(b"550")
    return answer.lines


def test_reference_and_link() -> None:
    assert _said("no") == (f"5.7.1 no [{REFERENCE}] {PAGES}{REFERENCE}",)


def test_a_link_that_does_not_fit_gets_its_own_line() -> None:
    text = "x" * (LONGEST_REPLY_LINE - 30)
    assert _said(text) == (f"5.7.1 {text} [{REFERENCE}]", f"5.7.1 {PAGES}{REFERENCE}")


def test_a_text_that_is_too_long_is_cut_before_the_reference() -> None:
    for text in ("x" * 1000, "ü" * 1000):
        line, link = _said(text, utf8=True)
        assert LONGEST_REPLY_LINE - 1 <= len(line.encode()) <= LONGEST_REPLY_LINE
        assert line.endswith(f"{text[0]} [{REFERENCE}]")
        assert link == f"5.7.1 {PAGES}{REFERENCE}"


def test_without_smtputf8_it_is_ascii() -> None:
    assert _said("<jürgen@a.test>: no")[0].startswith("5.7.1 <j?rgen@a.test>: no [")
    assert _said("<jürgen@a.test>: no", utf8=True)[0].startswith("5.7.1 <jürgen@a.test>: no [")
