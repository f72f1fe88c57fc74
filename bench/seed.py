"""Run in the platform's environment: make the benchmark's domain and mailboxes by the actions that users call."""

from __future__ import annotations

from mailcenter.cli.main import setup_django

setup_django()

from bench.stack import DOMAIN, RECIPIENTS  # noqa: E402 - models can be imported only after the setup
from mailcenter.actions.base import Actor  # noqa: E402
from mailcenter.actions.domains import create_domain  # noqa: E402
from mailcenter.actions.mailboxes import create_mailbox  # noqa: E402
from mailcenter.actions.organisations import create_organisation  # noqa: E402

if __name__ == "__main__":
    actor = Actor(user=None, via="system")
    create_domain(actor=actor, organisation=create_organisation(actor=actor, name="Bench"), name=DOMAIN)
    for address in RECIPIENTS:
        create_mailbox(actor=actor, address=address)
