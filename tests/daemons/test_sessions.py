"""How many sessions one client may hold: the next one is told so, and others are not concerned."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.harness.clients import Account, Dialogue, new_mailbox, trusting, unique
from tests.harness.platform import Platform
from tests.harness.wait import until


@pytest.fixture(scope="module")
def greta(platform: Platform) -> Iterator[Account]:
    who = new_mailbox(platform, f"{unique('greta').replace(' ', '-')}@demo.example")
    yield who
    platform.mailcenter("mailbox", "remove", who.login)


def some_address() -> str:
    """A client address that no other test uses."""
    return f"127.{10 + secrets.randbelow(200)}.{secrets.randbelow(256)}.{1 + secrets.randbelow(250)}"


def logged_in(stack: ExitStack, platform: Platform, who: Account, client: str) -> str:
    """Open an IMAP session that lasts as long as the stack; the answer to its login."""
    dialogue = stack.enter_context(Dialogue(platform, "imaps", source=client))
    dialogue.start_tls(trusting(platform))
    dialogue.line()
    dialogue.send(f'a LOGIN "{who.login}" "{who.password}"\r\n'.encode())
    while (line := dialogue.line()).startswith("* CAP"):
        pass
    return line


def test_imap_sessions_of_one_account_and_address_are_bounded(platform: Platform, greta: Account) -> None:
    most, client = platform.settings.sessions.per_account_and_address, some_address()
    with ExitStack() as stack:
        for _ in range(most):
            assert logged_in(stack, platform, greta, client).startswith("a OK")
        assert "Maximum number of connections" in logged_in(stack, platform, greta, client)
        assert logged_in(stack, platform, greta, some_address()).startswith("a OK")
    with ExitStack() as stack:
        until(lambda: logged_in(stack, platform, greta, client).startswith("a OK"), "room for a session again")


def test_connections_of_one_address_to_submission_are_bounded(platform: Platform) -> None:
    most, client = platform.settings.sessions.submission_per_address, some_address()
    with ExitStack() as stack:

        def greeting(source: str) -> str:
            return stack.enter_context(Dialogue(platform, "submission", source=source)).reply()

        for _ in range(most):
            assert greeting(client).startswith("220 ")
        assert greeting(client).startswith("421 ")
        assert greeting(some_address()).startswith("220 ")
