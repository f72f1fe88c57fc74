"""Write the answer to a report of a wrong refusal: an operator's words, in the report's language."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from typing import Final

_SUBJECT: Final = {"de": "Ihre Meldung zur Referenz {reference}", "en": "Your report about reference {reference}"}
_TEXT: Final = {
    "de": """\
Guten Tag{name}

Sie haben uns gemeldet, dass unser Mailserver eine E-Mail zu Unrecht abgewiesen hat
(Referenz {reference}). Unsere Antwort:

{text}

Was zu dieser E-Mail bekannt ist:
{link}

Der Postmaster von {host_name}
""",
    "en": """\
Hello{name}

You reported that our mail server refused a mail wrongly (reference {reference}).
Our answer:

{text}

What is known about that mail:
{link}

The postmaster of {host_name}
""",
}


def compose_answer(
    *,
    name: str,
    to: str,
    text: str,
    reference: str,
    language: str,
    link: str,
    host_name: str,
    message_id: str,
    now: datetime,
) -> bytes:
    """The whole mail, its lines ended by CRLF. `name` and `to` are what a stranger gave; `language` is de or en."""
    local_part, _, domain = to.rpartition("@")
    message = EmailMessage(policy=SMTP if to.isascii() else SMTPUTF8)
    message["From"] = Address("Postmaster", "postmaster", host_name)
    message["To"] = Address(name, local_part, domain)
    message["Subject"] = _SUBJECT[language].format(reference=reference)
    message["Date"] = now
    message["Message-ID"] = message_id
    words = {"reference": reference, "text": text, "link": link, "host_name": host_name}
    greeting = f" {name}," if name else ","
    message.set_content(_TEXT[language].format(name=greeting, **words), charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = language
    return message.as_bytes()
