"""What a recipient is told about a refused mail: every fact, in his language, and no way to abuse it."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from mailcenter.serve.notices.compose import LANGUAGES, LONGEST, compose, shown

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DETAILS: dict[str, Any] = {
    "reference": "0123456789abc",
    "started_at": "2026-11-22T11:59:00+00:00",
    "address": "info@demo.example",
    "mailbox_id": None,
    "sender": "boss@bank.example",
    "header_from": "The Boss <boss@bank.example>",
    "mail_from": "bounce@bulk.example",
    "client_address": "192.0.2.13",
    "client_name": "mx.bulk.example",
    "helo": "bulk.example",
    "rule": "virus",
    "found": [{"name": "bill.zip", "reason": "virus", "detail": "Test.EICAR", "scanner": "clamd"}],
}


def composed(language: str = "en", *, to: str = "alice@demo.example", **changes: Any) -> EmailMessage:
    content = compose(
        DETAILS | changes,
        language=language,
        to=to,
        host_name="mx.demo.example",
        message_id="<notice.1@mx.demo.example>",
        now=NOW,
    )
    assert b"\r\n" in content
    return message_from_bytes(content, policy=policy.default)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", ["virus", "attachments"])
def test_every_fact_stands_in_it(language: str, rule: str) -> None:
    message = composed(language, rule=rule)
    text = message.get_content()
    for fact in (
        "info@demo.example",
        "The Boss <boss@bank.example>",
        "bounce@bulk.example",
        "192.0.2.13 (mx.bulk.example)",
        "bulk.example",
        "bill.zip",
        "Test.EICAR",
        "0123456789abc",
    ):
        assert fact in text, fact
    assert message["Content-Language"] == language
    assert max(map(len, text.splitlines())) <= 90


def test_in_plain_words_of_either_language() -> None:
    assert "Schadsoftware" in str(composed("de")["subject"])
    assert "malware" in str(composed("en")["subject"])
    assert "nicht erlaubter Anhang" in str(composed("de", rule="attachments")["subject"])
    assert "attachment not allowed" in str(composed("en", rule="attachments")["subject"])


def test_it_is_marked_as_automatic() -> None:
    message = composed()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Precedence"] == "bulk"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert str(message["from"]) == "Mail system <postmaster@mx.demo.example>"
    assert message["message-id"] == "<notice.1@mx.demo.example>"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_known_is_said_so(language: str) -> None:
    text = composed(
        language, client_name="unknown", header_from="", helo="", found=[{"name": "", "detail": "X"}]
    ).get_content()
    assert {"de": "unbekannt", "en": "unknown"}[language] in text
    assert "(unknown)" not in text
    assert "X" in composed(language, found=[]).get_content() or text


def test_a_stranger_writes_no_links_and_no_lines() -> None:
    name = "Win now http://evil.example/ www.evil.example\r\nSubject: forged" + 500 * "x"
    message = composed(header_from=f"{name} <a@b.example>", helo="http://helo.example")
    text = message.get_content()
    assert "://" not in text
    assert "www." not in text
    assert not [line for line in text.splitlines() if line.startswith("Subject:")]
    assert str(message["subject"]) == "A mail to you was refused: malware"
    assert len(shown(name)) <= LONGEST


def test_a_local_part_beyond_ascii() -> None:
    message = composed(to="jürgen@demo.example")
    assert "jürgen@demo.example" in str(message["to"])
