"""Read one line of Dovecot's log: where LMTP filed a message, or what the owner's Sieve rules did with it.

Formats of Dovecot 2.3 and Pigeonhole 0.5 with `mail_log_prefix = %s(%u)<%{pid}><%{session}>: `, its default, and with
our `deliver_log_format`, `from=<%f> msgid=%m size=%p: %$`, or its default, `msgid=%m: %$`.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

from mailcenter.ledger.events import Filing
from mailcenter.ledger.log_time import LogTime

_LINE = re.compile(
    r"lmtp\((?P<user>.*?)\)<\d+><(?P<session>[^>]*)>: (?:Info: )?(?:sieve: )?"
    # The sender chooses address and Message-ID: greedy, so that no `size=` of his is taken for Dovecot's.
    r"(?:from=<.*> msgid=.* size=\d+|msgid=.*?): (?:\w+ action: )?(?P<action>.+)"
)
_FOLDER = re.compile(r"(?:stored mail into|left message in) mailbox '(?P<folder>.*)'|saved mail to (?P<saved>.+)")
_TARGET = re.compile(r"(?P<what>forwarded to|sent vacation response to|rejected message from) <(?P<target>.*?)>")
_KINDS: dict[str, Literal["redirected", "replied"]] = {
    "forwarded to": "redirected",
    "sent vacation response to": "replied",
    "rejected message from": "replied",
}
_NOTHING = ("marked message to be discarded", "discarded duplicate forward", "discarding duplicate")


class DovecotParser:
    """Holds nothing but the last time stamp."""

    def __init__(self) -> None:
        self._time = LogTime()

    def parse(self, line: str, now: datetime) -> Filing | None:
        """What LMTP did; None for all that the ledger does not need."""
        start = line.find("lmtp(")
        match = _LINE.match(line, start) if start > 0 and "msgid=" in line else None
        if match is None:
            return None
        try:
            at, _ = self._time.read(line, now)
        except ValueError:
            at = now
        return _filing(at, match["session"], match["user"], match["action"])


def _filing(at: datetime, session: str, user: str, action: str) -> Filing | None:
    folder = _FOLDER.match(action)
    if folder:
        return Filing(at, session, user, "delivered", folder=folder["folder"] or folder["saved"] or "")
    target = _TARGET.match(action)
    if target:
        return Filing(at, session, user, _KINDS[target["what"]], target=target["target"])
    if action.lower().startswith(_NOTHING):
        return Filing(at, session, user, "discarded")
    return None
