"""Write to the owner of a mailbox that his password is too easy to guess, and until when it works or worked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from mailcenter.serve.notices.compose import notice_mail

KIND: Final = "weak-password"
SUBJECT: Final = {"de": "Bitte ändern Sie Ihr Passwort", "en": "Please change your password"}
_DAY: Final = {"de": "%d.%m.%Y", "en": "%Y-%m-%d"}
_BEGINNING: Final = {
    "de": """\
Guten Tag

Bei Ihrer letzten Anmeldung zeigte sich, dass das Passwort Ihres Postfachs leicht zu
erraten ist. Bitte wählen Sie in der Verwaltungsoberfläche ein neues, am besten drei oder vier
Wörter, die nichts miteinander zu tun haben:
{link}

Danach tragen Sie es auch in Ihren Mailprogrammen ein.
""",
    "en": """\
Hello

When you last signed in, the password of your mailbox turned out to be easy to
guess. Please choose a new one in the control center, best three or four words that
have nothing to do with each other:
{link}

Then enter it in your mail programs as well.
""",
}
_UNTIL: Final = {
    "de": """
Das alte Passwort gilt noch bis zum {day}. Danach können Sie E-Mails erst wieder
abrufen und senden, wenn Sie es geändert haben. Ankommen werden sie weiterhin.
""",
    "en": """
The old password works until {day}. After that day you can read and send mail only
when you have changed it. Mail to you keeps arriving.
""",
}
_OVER: Final = {
    "de": """
Das alte Passwort galt bis zum {day}. E-Mails können Sie erst wieder abrufen und
senden, wenn Sie es geändert haben. Ankommen werden sie weiterhin.
""",
    "en": """
The old password worked until {day}. You can read and send mail again when you have
changed it. Mail to you keeps arriving.
""",
}
_SIGNATURE: Final = {"de": "Ihr Mailsystem", "en": "Your mail system"}


def compose_password(
    details: Mapping[str, Any],
    *,
    language: str,
    to: str,
    host_name: str,
    message_id: str,
    now: datetime,
    help_link: str,
) -> bytes:
    """The whole mail. `details` as `engine.tell_weak_password` keeps them; `help_link` is where it is changed."""
    text = _BEGINNING[language].format(link=help_link)
    if details["last_day"]:
        words = _OVER if details.get("over") else _UNTIL
        text += words[language].format(day=date.fromisoformat(details["last_day"]).strftime(_DAY[language]))
    text += f"\n{_SIGNATURE[language]} {host_name}\n"
    return notice_mail(
        SUBJECT[language],
        text,
        language=language,
        to=to,
        host_name=host_name,
        message_id=message_id,
        now=now,
    )
