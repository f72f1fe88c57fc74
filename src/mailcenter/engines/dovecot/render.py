"""From the settings to Dovecot's files."""

from __future__ import annotations

import math
import sys
from pathlib import Path

from mailcenter.engines.accounts import primary_group_id, user_id
from mailcenter.engines.base import RenderedFile
from mailcenter.engines.dovecot import submit
from mailcenter.engines.template import render
from mailcenter.policy.treatment import PLATFORM_ACTION
from mailcenter.settings.identities import DATABASE, LOGINS_USER, POSTGRES_PORT, ROLE_OF_USER, VMAIL_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

SYNTAX = "v2_3"
"""Folder of the templates, by Dovecot's version."""

_POP3_PROCESSES = 300
_SIEVE_PROCESSES = 50
_LMTP_PROCESSES = 60
_IMAP_LOGIN_CONNECTIONS = 1000  # of one process, which also does the TLS of the sessions that logged in there
_OTHER_LOGIN_CONNECTIONS = 2 * 500 + 2 * 100  # as in the template: processes times connections of each
_SPARE_WORKERS = 8  # of Dovecot, beside those that wait for the logins daemon


def rendered_files(settings: Settings) -> list[RenderedFile]:
    """Everything below `etc/dovecot`. Raises EngineError where the mail user is missing."""
    etc = paths(settings).etc("dovecot")
    imap = settings.sessions.imap
    sessions = imap + _POP3_PROCESSES + _SIEVE_PROCESSES + _LMTP_PROCESSES
    imap_logins = math.ceil(imap / _IMAP_LOGIN_CONNECTIONS) + 1
    login_connections = imap_logins * _IMAP_LOGIN_CONNECTIONS + _OTHER_LOGIN_CONNECTIONS
    values = {
        "etc": etc,
        "vmail": VMAIL_USER,
        "logins": LOGINS_USER,
        "vmail_uid": user_id(VMAIL_USER),
        "vmail_gid": primary_group_id(VMAIL_USER),
        "sendmail": sendmail_command(settings),
        "database": DATABASE,
        "port": POSTGRES_PORT,
        "role": ROLE_OF_USER["dovecot"],
        "workers": settings.passwords.workers + _SPARE_WORKERS,
        "imap_processes": imap,
        "imap_login_processes": imap_logins,
        "imap_login_connections": _IMAP_LOGIN_CONNECTIONS,
        "pop3_processes": _POP3_PROCESSES,
        "sieve_processes": _SIEVE_PROCESSES,
        "lmtp_processes": _LMTP_PROCESSES,
        "connections": sessions + login_connections,
        "junk_tenths": _tenths(settings.spam.junk_score),
        "refuse_tenths": _tenths(settings.spam.refuse_score),
        "spam_action": PLATFORM_ACTION,
    }

    def file(name: str, template: str = "") -> RenderedFile:
        return RenderedFile(
            etc / name, render(__file__, f"{SYNTAX}/{template or name}.j2", settings, **values), group="dovecot"
        )

    names = ["dovecot.conf", "login.lua", "sql.conf", "usage.conf", "system-users", "nobody"]
    scripts = [file(f"sieve/{script.name}", script.name) for script in scripts_of(settings)]
    return [*map(file, names), *scripts]


def _tenths(score: float) -> int:
    """A threshold as the script compares it: the first whole tenth of a point that reaches it."""
    return max(0, math.ceil(round(score * 10, 6)))


def scripts_of(settings: Settings) -> list[Path]:
    """Our Sieve scripts, compiled beside them: before everybody's own, and at moves into and out of Junk."""
    names = ["junk", "learn-spam", "learn-ham"] if settings.spam.training else ["junk"]
    return [paths(settings).etc("dovecot") / "sieve" / f"{name}.sieve" for name in names]


def sendmail_command(settings: Settings) -> str:
    """What Dovecot runs to send mail on behalf of a mailbox; it appends `-i -f SENDER -- RECIPIENT`."""
    return f"{sys.executable} -I -S {submit.__file__} {paths(settings).mailbox_submit_socket}"
