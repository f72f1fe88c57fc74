"""The mail that answers a report."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, message_from_string, policy
from email.message import EmailMessage

import pytest

from mailcenter.serve.notices.compose_answer import compose_answer


def _mail(language: str = "en", name: str = "P. Master", to: str = "postmaster@elsewhere.example") -> EmailMessage:
    content = compose_answer(
        name=name,
        to=to,
        text="We have looked at it.\nSorry: grüß Gott.",
        reference="0123456789abc",
        language=language,
        link="https://mx.demo.example/r/0123456789abc",
        host_name="mx.demo.example",
        message_id="<report.1@mx.demo.example>",
        now=datetime(2026, 11, 26, 8, 0, tzinfo=UTC),
    )
    assert b"\n" not in content.replace(b"\r\n", b"")
    return message_from_bytes(content, policy=policy.default) if to.isascii() else _utf8(content)


def _utf8(content: bytes) -> EmailMessage:
    return message_from_string(content.decode(), policy=policy.default)


@pytest.mark.parametrize(("language", "subject"), [("de", "Ihre Meldung"), ("en", "Your report")])
def test_it_says_what_the_operator_wrote(language: str, subject: str) -> None:
    message = _mail(language)
    text = message.get_content().replace("\r\n", "\n")
    assert str(message["subject"]).startswith(subject)
    assert "0123456789abc" in str(message["subject"])
    assert "We have looked at it.\nSorry: grüß Gott." in text
    assert "https://mx.demo.example/r/0123456789abc" in text
    assert message["content-language"] == language


def test_it_comes_from_the_postmaster() -> None:
    message = _mail()
    assert message["from"] == "Postmaster <postmaster@mx.demo.example>"
    assert message["message-id"] == "<report.1@mx.demo.example>"


@pytest.mark.parametrize("name", ["", "Bcc: x@y.example", '"Quote" <a@b>', "Jürgen, der Dritte", "x" * 200])
def test_a_name_stays_a_name(name: str) -> None:
    message = _mail(name=name)
    (address,) = message["to"].addresses
    assert (address.display_name, address.addr_spec) == (name, "postmaster@elsewhere.example")
    assert message["bcc"] is None


def test_an_address_beyond_ascii() -> None:
    (address,) = _mail(to="jürgen@xn--mller-kva.example")["to"].addresses
    assert address.addr_spec == "jürgen@xn--mller-kva.example"
