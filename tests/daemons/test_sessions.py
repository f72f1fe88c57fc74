"""How many sessions one client may hold, and how long it may be silent in one."""

from __future__ import annotations

import os
import secrets
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from mailcenter.run.watch import write_reads
from mailcenter.settings.identities import VMAIL_USER
from mailcenter.settings.load import CONFIG_VARIABLE
from tests.harness.clients import Account, Dialogue, new_mailbox, trusting, unique
from tests.harness.clients import logged_in as submitting
from tests.harness.platform import Platform
from tests.harness.wait import until

IDLE: Final = 10
"""Seconds of silence that end a session in the test of it."""


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


def test_sessions_of_one_account_are_bounded_over_all_addresses(platform: Platform, greta: Account) -> None:
    """By an app password, which is checked quickly. The one too many hears why, and what it may do."""
    most, each = platform.settings.sessions.per_account, platform.settings.sessions.per_account_and_address
    device = platform.json("app-password", "add", greta.login, "--name", "many", "--service", "imap")
    greta = Account(greta.login, device["password"])
    with ExitStack() as stack:
        client = ""
        for number in range(most):
            client = client if number % each else some_address()
            assert logged_in(stack, platform, greta, client).startswith("a OK"), number
        late = some_address()
        said = logged_in(stack, platform, greta, late)
        assert said.startswith("a NO ")
        assert f"this account has {most} sessions already" in said
    with ExitStack() as stack:
        until(lambda: logged_in(stack, platform, greta, late).startswith("a OK"), "room for a session again")
    assert not [one for one in platform.json("guard", "list") if one["network"] == late]


def test_connections_of_one_address_to_submission_are_bounded(platform: Platform) -> None:
    most, client = platform.settings.sessions.submission_per_address, some_address()
    with ExitStack() as stack:

        def greeting(source: str) -> str:
            return stack.enter_context(Dialogue(platform, "submission", source=source)).reply()

        for _ in range(most):
            assert greeting(client).startswith("220 ")
        assert greeting(client).startswith("421 ")
        assert greeting(some_address()).startswith("220 ")


@pytest.mark.parametrize("way", ["password", "app password", "all sessions", "suspended"])
def test_sessions_of_submission_end_with_the_others(platform: Platform, way: str) -> None:
    """What is in the middle of a mail goes no further, and nothing begins any more; another account's goes on."""
    who = new_mailbox(platform, f"{unique('sender').replace(' ', '-')}@demo.example")
    other = new_mailbox(platform, f"{unique('other').replace(' ', '-')}@demo.example")
    device = platform.json("app-password", "add", who.login, "--name", "laptop", "--service", "submission")
    fresh = secrets.token_urlsafe(18)
    command = {
        "password": ("mailbox", "change", who.login, "--password-stdin"),
        "app password": ("app-password", "remove", str(device["id"])),
        "all sessions": ("user", "end-sessions", who.login),
        "suspended": ("mailbox", "change", who.login, "--inactive"),
    }[way]
    try:
        with (
            submitting(platform, Account(who.login, device["password"])) as idle,
            submitting(platform, who) as busy,
            submitting(platform, other) as stranger,
        ):
            assert idle.mail(who.login)[0] == 250
            assert idle.rset()[0] == 250
            assert busy.mail(who.login)[0] == 250
            platform.mailcenter(*command, stdin=f"{fresh}\n")
            assert until(lambda: refused(busy.rcpt(other.login)), "the end in the middle of a mail")[0] == 421
            assert until(lambda: refused_mail(idle, who), "the end of the idle one")[0] == 421
            for ended in (idle, busy):
                with pytest.raises(smtplib.SMTPServerDisconnected):
                    ended.noop()
            assert stranger.mail(other.login)[0] == 250
        if way != "suspended":
            now = Account(who.login, fresh if way == "password" else who.password)
            with submitting(platform, now) as again:
                assert again.mail(who.login)[0] == 250
    finally:
        for one in (who, other):
            platform.mailcenter("mailbox", "remove", one.login)


def test_sessions_of_one_account_to_submission_are_bounded_over_all_addresses(platform: Platform) -> None:
    """Who has too many hears it at his next mail, another account does not; one that closes leaves its place."""
    who = new_mailbox(platform, f"{unique('busy').replace(' ', '-')}@demo.example")
    other = new_mailbox(platform, f"{unique('other').replace(' ', '-')}@demo.example")
    device = platform.json("app-password", "add", who.login, "--name", "fleet", "--service", "submission")
    fleet = Account(who.login, device["password"])
    most = platform.settings.sessions.submission_per_account
    try:
        with ExitStack() as open_ones:
            for _ in range(most - 1):
                assert open_ones.enter_context(submitting(platform, fleet)).mail(who.login)[0] == 250
            with submitting(platform, fleet) as last:
                assert last.mail(who.login)[0] == 250
                with submitting(platform, fleet) as one_more:
                    code, text = one_more.mail(who.login)
                assert code == 421
                assert f"has {most} sessions for sending already".encode() in text
                with submitting(platform, other) as stranger:
                    assert stranger.mail(other.login)[0] == 250
            until(lambda: may_send(platform, fleet), "a place to be free")
    finally:
        for one in (who, other):
            platform.mailcenter("mailbox", "remove", one.login)


def may_send(platform: Platform, who: Account) -> bool:
    with submitting(platform, who) as smtp:
        return smtp.mail(who.login)[0] == 250


def refused_mail(smtp: smtplib.SMTP, who: Account) -> tuple[int, bytes] | None:
    """The refusal of a mail; none is begun. The gate's workers hear of an end one after the other."""
    said = refused(smtp.mail(who.login))
    if said is None:
        smtp.rset()
    return said


def refused(said: tuple[int, bytes]) -> tuple[int, bytes] | None:
    return said if said[0] >= 400 else None


def last_line(dialogue: Dialogue) -> str:
    """What the client hears last; mail may arrive before, as that about a new network."""
    last = ""
    while line := dialogue.line():
        last = line
    return last


@contextmanager
def ending_soon(platform: Platform) -> Iterator[None]:
    """A second daemon beside the platform's own, which ends sessions that are silent for a few seconds."""
    with TemporaryDirectory(prefix="mc-idle-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        config = folder / "mailcenter.toml"
        idle = f"\n[sessions]\nimap_idle = {IDLE}\npop3_idle = {IDLE}\n"
        config.write_text(platform.config.read_text() + idle)
        config.chmod(0o644)
        with (folder / "sessions.log").open("w") as log:
            daemon = subprocess.Popen(
                ["runuser", "-u", VMAIL_USER, "--", sys.executable, "-m", "mailcenter.run.sessions"],
                env={**os.environ, CONFIG_VARIABLE: str(config), "PYTHONDONTWRITEBYTECODE": "1"},
                stdout=log,
                stderr=log,
            )
            try:
                yield
            finally:
                daemon.terminate()
                daemon.wait(30)


def test_silent_sessions_end_and_those_that_speak_stay(platform: Platform, greta: Account) -> None:
    """One waits for mail (IDLE) and never says anything again, one is idle in POP3, one says NOOP now and then."""
    with ExitStack() as stack, ending_soon(platform):

        def opened(service: str) -> Dialogue:
            dialogue = stack.enter_context(Dialogue(platform, service, source=some_address(), seconds=60))
            dialogue.start_tls(trusting(platform))
            dialogue.line()
            return dialogue

        waiting, speaking, pop3 = opened("imaps"), opened("imaps"), opened("pop3s")
        for imap in (waiting, speaking):
            imap.send(f'a LOGIN "{greta.login}" "{greta.password}"\r\nb SELECT INBOX\r\n'.encode())
            while not imap.line().startswith("b OK"):
                pass
        waiting.send(b"c IDLE\r\n")
        assert waiting.line().startswith("+ idling")
        pop3.send(f"USER {greta.login}\r\nPASS {greta.password}\r\n".encode())
        assert pop3.line().startswith("+OK")
        assert pop3.line().startswith("+OK")

        def speaks() -> bool:
            write_reads(platform.settings)
            speaking.send(b"d NOOP\r\n")
            return speaking.line().startswith("d OK")

        with ThreadPoolExecutor() as pool:
            ends = [pool.submit(last_line, waiting), pool.submit(last_line, pop3)]
            until(lambda: speaks() and all(end.done() for end in ends), "the end of the silent ones")
            assert [end.result()[:5] for end in ends] == ["* BYE", "-ERR "]
        assert speaks()
