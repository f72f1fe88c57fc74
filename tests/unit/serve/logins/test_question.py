"""The lines between Dovecot and the logins daemon: nothing in a field ends it, and nothing shows a password."""

from __future__ import annotations

import pytest

from mailcenter.serve.logins.question import Answer, BadQuestionError, Question, answer_line, read_question


def line(*fields: bytes) -> bytes:
    return b"\t".join(field.hex().encode() for field in fields) + b"\n"


def test_a_question_is_read_whatever_its_fields_hold() -> None:
    asked = read_question(line(b"a@b.example", b"tab\t\nand \xc3\xa4", b"imap", b"::1", b"session", b""))
    assert asked == Question("a@b.example", "tab\t\nand ä", "imap", "::1", "session", "")
    assert "and ä" not in repr(asked)


def test_a_password_that_is_no_text_is_read_as_one_that_fits_nothing() -> None:
    assert "\ufffd" in read_question(line(b"a", b"\xff", b"imap", b"", b"", b"")).password


@pytest.mark.parametrize("text", [b"", b"\n", b"health\n", b"\t" * 4, b"zz\t\t\t\t\t\n", b"\xff\t\t\t\t\t", b"\t" * 6])
def test_what_is_no_question_is_refused(text: bytes) -> None:
    with pytest.raises(BadQuestionError):
        read_question(text)


def test_an_answer_is_one_line_whatever_its_fields_hold() -> None:
    told = answer_line(Answer("ok", {"userdb_home": "/mail/x", "reason": "a\tb\nc"}))
    assert told == b"ok\tuserdb_home=/mail/x\treason=a b c\n"
