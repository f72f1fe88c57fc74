"""Write the notice about a refused mail: plain words in the reader's language, and what RFC 3834 asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from functools import cache
from pathlib import Path
from typing import Any, Final

import jinja2

from mailcenter.mail.header import plain_text

LANGUAGES: Final = ("de", "en")
LONGEST: Final = 200
"""Characters of a value that a stranger chose."""

_SUBJECTS: Final = {
    "de": {
        "virus": "Eine E-Mail an Sie wurde abgewiesen: Schadsoftware",
        "attachments": "Eine E-Mail an Sie wurde abgewiesen: nicht erlaubter Anhang",
    },
    "en": {
        "virus": "A mail to you was refused: malware",
        "attachments": "A mail to you was refused: attachment not allowed",
    },
}
_SERVICE: Final = {"de": "Mailsystem", "en": "Mail system"}
TIME: Final = {"de": "%d.%m.%Y, %H:%M:%S Uhr (UTC%z)", "en": "%Y-%m-%d %H:%M:%S (UTC%z)"}
_LINK: Final = re.compile(r"://|\bwww\.", re.IGNORECASE)


def compose(
    details: Mapping[str, Any],
    *,
    language: str,
    to: str,
    host_name: str,
    message_id: str,
    now: datetime,
    help_link: str = "",
) -> bytes:
    """The whole mail, its lines ended by CRLF.

    Args:
        details: as `ledger.notices.wanted_notices` gives them; nothing in them is trusted.
        language: one of LANGUAGES.
        to: the reader's mailbox.
        help_link: the public page about the refusal, where there is one.
    """
    rule = "virus" if details["rule"] == "virus" else "attachments"
    text = _text(details, rule, language, host_name, help_link)
    subject = _SUBJECTS[language][rule]
    return notice_mail(subject, text, language=language, to=to, host_name=host_name, message_id=message_id, now=now)


def notice_mail(
    subject: str, text: str, *, language: str, to: str, host_name: str, message_id: str, now: datetime
) -> bytes:
    """A mail of the platform to one of its readers, its lines ended by CRLF."""
    message = EmailMessage(policy=SMTP if to.isascii() else SMTPUTF8)
    message["From"] = Address(_SERVICE[language], "postmaster", host_name)
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = now
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["Precedence"] = "bulk"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(text, charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = language
    return message.as_bytes()


def _text(details: Mapping[str, Any], rule: str, language: str, host_name: str, help_link: str) -> str:
    started = datetime.fromisoformat(details["started_at"]).astimezone()
    values = {name: shown(details[name]) for name in ("address", "header_from", "mail_from", "client_address", "helo")}
    name = shown(details["client_name"])
    return (
        _environment()
        .get_template(f"{rule}.{language}.txt.j2")
        .render(
            values,
            client_name="" if name == "unknown" else name,
            found=[
                {key: shown(found.get(key, "")) for key in ("name", "detail", "reason")} for found in _found(details)
            ],
            time=started.strftime(TIME[language]),
            reference=details["reference"],
            host_name=host_name,
            help_link=help_link,
        )
    )


def _found(details: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [found for found in details["found"] if isinstance(found, dict)]


def shown(value: object) -> str:
    """What a stranger wrote, fit to be read: on one line, bounded, and no mail program makes a link of it."""
    text = plain_text(str(value))
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    return _LINK.sub(" ", text)


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(  # noqa: S701 - plain text, no HTML
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
