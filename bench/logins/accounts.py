"""Run in the platform's environment: mailboxes that all have one hash, and an app password for each, by the actions.

    python -m bench.logins.accounts COUNT < HASH

prints the app passwords, one a line. Idle sessions are opened with these: they cost no Argon2id.
"""

from __future__ import annotations

import sys

from mailcenter.cli.main import setup_django

setup_django()

from bench.stack import DOMAIN  # noqa: E402 - models can be imported only after the setup
from mailcenter.actions.app_passwords import create_app_password  # noqa: E402
from mailcenter.actions.base import Actor  # noqa: E402
from mailcenter.actions.mailboxes import create_mailbox  # noqa: E402


def address(number: int) -> str:
    """Of the mailboxes for logins."""
    return f"login{number:04}@{DOMAIN}"


def main() -> None:
    actor = Actor(user=None, via="system")
    stored = sys.stdin.readline().strip()
    for number in range(int(sys.argv[1])):
        mailbox = create_mailbox(actor=actor, address=address(number), password_hash=stored)
        print(create_app_password(actor=actor, mailbox=mailbox, name="bench", services=["imap"])[1])  # noqa: T201 - its output


if __name__ == "__main__":
    main()
