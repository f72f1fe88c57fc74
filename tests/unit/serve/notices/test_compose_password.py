"""The mail about a weak password: in both languages, with the last day where there is one, and never the password."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from mailcenter.serve.notices.compose_password import compose_password


@pytest.mark.parametrize(
    ("language", "subject", "day"),
    [("de", "Bitte ändern Sie Ihr Passwort", "31.03.2027"), ("en", "Please change your password", "2027-03-31")],
)
def test_it_says_what_to_do_and_until_when(language: str, subject: str, day: str) -> None:
    def text(last_day: str | None, *, over: bool = False) -> str:
        content = compose_password(
            {"last_day": last_day, "over": over},
            language=language,
            to="max@demo.example",
            host_name="mail.example",
            message_id="<notice.1@mail.example>",
            now=datetime(2027, 1, 1, tzinfo=UTC),
            help_link="https://mail.example/profile/password",
        )
        message = message_from_bytes(content, policy=policy.default)
        assert message["Subject"] == subject
        body = message.get_body()
        assert body
        return str(body.get_content())

    assert day in text("2027-03-31")
    assert day not in text(None)
    assert "https://mail.example/profile/password" in text(None)
    assert day in text("2027-03-31", over=True)
    assert text("2027-03-31", over=True) != text("2027-03-31")
