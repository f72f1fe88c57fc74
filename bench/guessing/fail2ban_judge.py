"""Lets Debian's fail2ban judge attempts: its own code, its packaged Dovecot jail and filter, a clock that is moved.

Run by the system's Python, which fail2ban is installed for; attempts come as JSON on stdin, and what became of each
goes to stdout. No server is started, no action is taken and no firewall is touched.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

sys.path.append("/usr/lib/python3/dist-packages")

from fail2ban.client.configurator import Configurator
from fail2ban.client.jailsreader import JailsReader
from fail2ban.server.jail import Jail
from fail2ban.server.mytime import MyTime

_NAMES = {"imap": "imap-login", "pop3": "pop3-login"}


def jail() -> tuple[Jail, int]:
    """The jail `dovecot` as Debian configures it; gives it and the seconds of a ban."""
    configurator = Configurator()
    configurator.setBaseDir("/etc/fail2ban")
    configurator.readEarly()
    reader = JailsReader(force_enable=True, basedir="/etc/fail2ban")
    reader.read()
    reader.getOptions("dovecot", ignoreWrong=True)
    made = Jail("dovecot", backend="polling")
    seconds = 0
    for kind, _, name, *values in (command for command in reader.convert(allow_no_files=True) if len(command) > 3):
        if kind == "multi-set" and name == "addfailregex":
            for expression in values[0]:
                made.filter.addFailRegex(expression)
        elif name == "prefregex":
            made.filter.prefRegex = values[0]
        elif name == "datepattern":
            made.filter.setDatePattern(values[0])
        elif name == "maxretry":
            made.filter.setMaxRetry(values[0])
        elif name == "findtime":
            made.filter.setFindTime(values[0])
        elif name == "bantime":
            seconds = MyTime.str2seconds(values[0])
    return made, seconds


def line(attempt: dict[str, Any]) -> str:
    """What Dovecot logs of a failed login, by way of syslog."""
    moment = time.strftime("%b %d %H:%M:%S", time.localtime(attempt["at"]))
    return (
        f"{moment} mail dovecot: {_NAMES[attempt['service']]}: Disconnected: Connection closed (auth failed, 1 attempts"
        f" in 2 secs): user=<{attempt['login']}>, method=PLAIN, rip={attempt['address']}, lip=198.51.100.1, TLS,"
        " session=<Wd4sCCxhJpd/AAAB>"
    )


def main() -> None:
    """`refused`, `good` or `wrong` for each attempt."""
    made, ban_seconds = jail()
    banned: dict[str, float] = {}
    results = []
    for attempt in json.load(sys.stdin):
        MyTime.setTime(attempt["at"])
        if banned.get(attempt["address"], 0) > attempt["at"]:
            results.append("refused")
            continue
        results.append("good" if attempt["right"] else "wrong")
        if attempt["right"]:
            continue
        made.filter.processLineAndAdd(line(attempt))
        while ticket := made.getFailTicket():
            banned[str(ticket.getID())] = attempt["at"] + ban_seconds
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
