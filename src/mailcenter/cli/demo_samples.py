"""Three sample mails for the demo: a good one, one that every spam filter refuses, one with a harmless test virus."""

from __future__ import annotations

import smtplib
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Final

from django.utils import timezone

_GTUBE: Final = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
# In two halves, so that a virus scanner does not find it in this file.
_EICAR: Final = r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

_SENDER: Final = "anna@friends.example"
_PUT_OFF: Final = 451
_TRIES: Final = 10
_PAUSE: Final = 1.0


@dataclass(frozen=True)
class Sample:
    """A mail and a word for what it is."""

    name: str
    message: EmailMessage


@dataclass(frozen=True)
class Answer:
    """What the server said to the whole mail or to its recipient."""

    code: int
    text: str


def _message(recipient: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"Anna Berg <{_SENDER}>"
    message["To"] = recipient
    message["Subject"] = subject
    message["Date"] = format_datetime(timezone.now())
    message["Message-ID"] = make_msgid(domain="friends.example")
    message.set_content(text)
    return message


def samples(recipient: str) -> list[Sample]:
    """The three mails to one recipient."""
    good = _message(recipient, "Welcome to your new mailbox", "Hello,\n\nshall we meet on Friday at ten?\n\nAnna\n")
    spam = _message(recipient, "You have won", f"A string that every spam filter knows:\n\n{_GTUBE}\n")
    virus = _message(recipient, "The invoice", "Please look at the attachment.\n")
    virus.add_attachment(_EICAR.encode(), maintype="application", subtype="octet-stream", filename="invoice.txt")
    return [
        Sample("a good mail", good),
        Sample("spam (GTUBE)", spam),
        Sample("a virus (EICAR)", virus),
    ]


def send(sample: Sample, recipient: str, *, host: str, port: int) -> Answer:
    """Hand a mail in as another site's server would: one that is put off is tried again, as a new domain is at first.

    Raises:
        OSError, smtplib.SMTPException: the server could not be talked to at all.
    """
    for _ in range(_TRIES - 1):
        answer = _try(sample, recipient, host, port)
        if answer.code != _PUT_OFF:
            return answer
        time.sleep(_PAUSE)
    return _try(sample, recipient, host, port)


def _try(sample: Sample, recipient: str, host: str, port: int) -> Answer:
    with smtplib.SMTP(host, port, local_hostname="mx.friends.example", timeout=60) as client:
        client.ehlo()
        for command in (f"MAIL FROM:<{_SENDER}>", f"RCPT TO:<{recipient}>"):
            code, text = client.docmd(command)
            if code >= 400:
                return Answer(code, text.decode("utf-8", "replace"))
        code, text = client.data(sample.message.as_bytes())
        return Answer(code, text.decode("utf-8", "replace"))
