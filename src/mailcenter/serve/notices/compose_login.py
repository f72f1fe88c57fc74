"""Write to the owner of an account about its logins: a new network, a device with an old password, a lockout."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from mailcenter.serve.notices.compose import TIME, notice_mail, shown

SUBJECTS: Final = {
    "de": {
        "new-network": "Neue Anmeldung an Ihrem Postfach",
        "old-password": "Ein Gerät benutzt noch Ihr altes Passwort",
        "lockout": "Ihr Anschluss ist für eine Weile gesperrt",
    },
    "en": {
        "new-network": "New sign-in to your mailbox",
        "old-password": "A device still uses your old password",
        "lockout": "Your connection is locked out for a while",
    },
}
_SERVICES: Final = {
    "de": {
        "imap": "E-Mails lesen (IMAP)",
        "pop3": "E-Mails abholen (POP3)",
        "sieve": "Filter (ManageSieve)",
        "submission": "E-Mails senden (SMTP)",
        "web": "Verwaltungsoberfläche",
    },
    "en": {
        "imap": "Reading mail (IMAP)",
        "pop3": "Fetching mail (POP3)",
        "sieve": "Filters (ManageSieve)",
        "submission": "Sending mail (SMTP)",
        "web": "Control center",
    },
}
_NAMES: Final = {
    "de": ("Dienst", "Adresse", "Land", "Programm", "Zeit", "Gesperrt bis"),
    "en": ("Service", "Address", "Country", "Program", "Time", "Locked until"),
}
_TEXTS: Final = {
    "de": {
        "new-network": """\
Guten Tag

Ihr Postfach wurde aus einem Netz benutzt, aus dem es bisher nie benutzt wurde:

{facts}

Waren Sie das, etwa auf Reisen oder mit einem neuen Anschluss, müssen Sie nichts
tun. Waren Sie es nicht, ändern Sie bitte sofort Ihr Passwort in der Verwaltungsoberfläche.
Dort sehen Sie auch alle Anmeldungen:
{link}

Je Netz erhalten Sie eine solche Nachricht nur einmal.
""",
        "old-password": """\
Guten Tag

Ein Gerät versucht immer wieder, sich mit einem Passwort anzumelden, das früher
galt:

{facts}

Bitte tragen Sie dort das neue Passwort ein. Gesperrt wird deswegen niemand. Denken
Sie auch an Telefone und Drucker, die E-Mails abholen. Alle Anmeldungen sehen Sie
hier:
{link}
""",
        "lockout": """\
Guten Tag

Von Ihrem Anschluss aus wurden mehrere verschiedene falsche Passwörter für Ihr
Postfach versucht. Dieser Dienst nimmt von dort für eine Weile keine Anmeldungen an:

{facts}

Die Sperre endet von selbst. Prüfen Sie, ob alle Ihre Geräte das richtige Passwort
haben. Hier sehen Sie, welches Gerät es war, und können die Sperre sofort aufheben:
{link}
""",
    },
    "en": {
        "new-network": """\
Hello

Your mailbox was used from a network from which it was never used before:

{facts}

If that was you, on a journey or with a new connection, there is nothing to do. If
it was not, please change your password in the control center at once. It also
shows you all sign-ins:
{link}

You get one such message for each network.
""",
        "old-password": """\
Hello

A device tries again and again to sign in with a password that was right once:

{facts}

Please enter the new password there. Nobody is locked out for this. Think of
telephones and printers that fetch mail, too. All sign-ins are shown here:
{link}
""",
        "lockout": """\
Hello

From your connection several different wrong passwords were tried for your mailbox.
This service takes no sign-ins from there for a while:

{facts}

The lockout ends by itself. Please see that all your devices have the right
password. Here you see which device it was, and may lift the lockout at once:
{link}
""",
    },
}
_SIGNATURE: Final = {"de": "Ihr Mailsystem", "en": "Your mail system"}


def compose_login(
    details: Mapping[str, Any],
    *,
    kind: str,
    language: str,
    to: str,
    host_name: str,
    message_id: str,
    now: datetime,
    help_link: str,
) -> bytes:
    """The whole mail.

    Args:
        details: as `engine.tell_owner` keeps them; the program's name is its own claim.
        kind: a key of SUBJECTS.
        help_link: the owner's page of logins.
    """
    values = (
        _SERVICES[language][details["service"]],
        details["address"],
        details.get("country", ""),
        shown(details["program"]),
        _time(details["at"], language),
        _time(details["until"], language) if "until" in details else "",
    )
    facts = "\n".join(f"{name + ':':<16}{value}" for name, value in zip(_NAMES[language], values, strict=True) if value)
    text = _TEXTS[language][kind].format(facts=facts, link=help_link)
    text += f"\n{_SIGNATURE[language]} {host_name}\n"
    return notice_mail(
        SUBJECTS[language][kind],
        text,
        language=language,
        to=to,
        host_name=host_name,
        message_id=message_id,
        now=now,
    )


def _time(moment: str, language: str) -> str:
    return datetime.fromisoformat(moment).astimezone().strftime(TIME[language])
