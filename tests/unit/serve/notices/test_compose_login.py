"""Mails to owners about their logins: every kind in both languages, and nothing that a stranger could plant."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from mailcenter.serve.notices.compose import LANGUAGES
from mailcenter.serve.notices.compose_login import SUBJECTS, compose_login

DETAILS = {
    "service": "imap",
    "address": "192.0.2.7",
    "program": "Phone 3",
    "at": "2026-11-26T10:00:00+00:00",
    "until": "2026-11-26T10:10:00+00:00",
}


def composed(kind: str, language: str, **changes: str) -> EmailMessage:
    content = compose_login(
        DETAILS | changes,
        kind=kind,
        language=language,
        to="alice@demo.example",
        host_name="mail.demo.example",
        message_id="<notice.1@mail.demo.example>",
        now=datetime.now(UTC),
        help_link="https://mail.demo.example/logins",
    )
    return message_from_bytes(content, policy=policy.default)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(SUBJECTS["en"]))
def test_every_kind_names_the_device_and_the_page(kind: str, language: str) -> None:
    mail = composed(kind, language)
    text = mail.get_content()
    assert mail["Subject"] == SUBJECTS[language][kind]
    assert mail["Auto-Submitted"] == "auto-generated"
    for part in ("192.0.2.7", "Phone 3", "IMAP", "https://mail.demo.example/logins", "2026"):
        assert part in text


def test_the_languages_have_the_same_kinds() -> None:
    assert SUBJECTS["de"].keys() == SUBJECTS["en"].keys()


def test_a_program_that_calls_itself_a_link_is_none() -> None:
    text = composed("new-network", "en", program="see https://evil.example/\r\n\r\nnow {link}").get_content()
    assert "https://evil" not in text
    assert "{link}" in text
