"""Bans through the real daemons: harvesters are shut out by the gate at once, and by postscreen soon after."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest

from tests.daemons.test_gate_lists import client_at, listed_network
from tests.daemons.test_gate_rates import figures
from tests.harness.clients import OUTSIDE, Dialogue
from tests.harness.parts import family, stopped
from tests.harness.platform import Platform
from tests.harness.wait import until

HARVESTER, FLOODER, GOOD = (f"203.0.113.{last}" for last in (50, 51, 52))
REAL = "127.9.0.1"
"""A client that postscreen itself sees: beyond the networks that it always lets through here."""
LINK = r"( https?://\S+)?"


@pytest.fixture(scope="module", autouse=True)
def nothing_stays_banned(platform: Platform) -> Iterator[None]:
    yield
    for ban in platform.json("gate", "bans"):
        platform.mailcenter("gate", "ban", "lift", ban["network"])
    until(lambda: deny_list(platform) == "", "postscreen's list to be empty", timeout=120)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Closes at the end what a test keeps open."""
    with ExitStack() as opened:
        yield opened


def deny_list(platform: Platform) -> str:
    return platform.paths.deny_list.read_text()


def bans_log(platform: Platform) -> str:
    return platform.paths.log("bans").read_text()


def mail_from(platform: Platform, client: str) -> tuple[int, str]:
    """The reply to MAIL."""
    with client_at(platform, client) as smtp:
        code, text = smtp.mail(OUTSIDE)
        return code, text.decode()


def harvest(platform: Platform, client: str, recipients: int) -> None:
    with client_at(platform, client) as smtp:
        smtp.mail(OUTSIDE)
        for number in range(recipients):
            code, _ = smtp.rcpt(f"guess{number}@demo.example")
            assert code == 550


def bans_of(platform: Platform, network: str) -> list[dict[str, Any]]:
    return [ban for ban in platform.json("gate", "bans") if ban["network"] == network]


@contextmanager
def banned(platform: Platform, network: str, duration: str = "1h") -> Iterator[None]:
    platform.mailcenter("gate", "ban", "add", network, "--for", duration)
    try:
        yield
    finally:
        platform.mailcenter("gate", "ban", "lift", network)


def test_harvester_is_banned_and_let_in_again(platform: Platform) -> None:
    with figures(platform, "ban", unknown_recipients=5):
        until(lambda: _is_banned_for_harvesting(platform), "the harvester to be banned", timeout=90)
        code, text = mail_from(platform, HARVESTER)
        said = (
            rf"4\.7\.0 ip address {re.escape(HARVESTER)} is banned for a while "
            r"\(too many unknown recipients\), try again in \d+ minutes"
        )
        assert code == 421
        assert re.fullmatch(rf"{said} \[[0-9a-z]{{13}}\]{LINK}", text), text
        assert mail_from(platform, GOOD)[0] == 250
    (ban,) = bans_of(platform, f"{HARVESTER}/32")
    assert (ban["cause"], ban["offences"] >= 5) == ("harvesting", True)
    until(lambda: f"Ban {HARVESTER} until" in bans_log(platform), "the ban to be told")
    until(lambda: f"{HARVESTER}/32 reject\n" in deny_list(platform), "postscreen's list", timeout=120)
    platform.mailcenter("gate", "ban", "lift", HARVESTER)
    until(lambda: mail_from(platform, HARVESTER)[0] == 250, "the client to be let in again")
    until(lambda: f"Unban {HARVESTER}\n" in bans_log(platform), "the end to be told")


def _is_banned_for_harvesting(platform: Platform) -> bool:
    with suppress(AssertionError, smtplib.SMTPException):  # banned in the middle of it
        harvest(platform, HARVESTER, 6)
    return bool(bans_of(platform, f"{HARVESTER}/32"))


def test_refused_network_that_keeps_knocking_is_banned(platform: Platform) -> None:
    """So its connections cost next to nothing."""

    def knocked() -> bool:
        with client_at(platform, FLOODER) as smtp:
            if smtp.mail(OUTSIDE)[0] == 250:
                smtp.rcpt("alice@demo.example")
        return bool(bans_of(platform, f"{FLOODER}/32"))

    platform.mailcenter("gate", "networks", "add", f"{FLOODER}/32", "refuse")
    try:
        with figures(platform, "ban", refused_mails=3):
            until(knocked, "the network to be banned", timeout=90)
    finally:
        platform.mailcenter("gate", "networks", "remove", f"{FLOODER}/32")
    assert bans_of(platform, f"{FLOODER}/32")[0]["cause"] == "refused"


def test_networks_let_through_are_never_banned(platform: Platform) -> None:
    with figures(platform, "ban", unknown_recipients=2), listed_network(platform, "allow"):
        spared = "198.51.100.9"
        until(lambda: mail_from(platform, spared)[0] == 250, "the network to be let through")
        harvest(platform, spared, 8)
        # The counts of others go the same way, so theirs have been looked at when these have.
        until(lambda: _is_banned_for_harvesting(platform), "another to be banned", timeout=90)
        assert bans_of(platform, f"{spared}/32") == []
        refused = platform.mailcenter("gate", "ban", "add", spared, "--for", "1h", check=False)
        assert (refused.returncode, "is always let through" in refused.stderr) == (1, True)


def test_a_ban_ends_by_itself(platform: Platform) -> None:
    platform.mailcenter("gate", "ban", "add", GOOD, "--for", "1m")
    until(lambda: mail_from(platform, GOOD)[0] == 421, "the ban to be known")
    until(lambda: mail_from(platform, GOOD)[0] == 250, "the ban to end", timeout=120)
    until(lambda: f"Unban {GOOD}\n" in bans_log(platform), "the end to be told")


def test_postscreen_turns_a_banned_client_away_for_a_while_and_says_why(platform: Platform, stack: ExitStack) -> None:
    with banned(platform, REAL):
        until(lambda: f"{REAL}/32 reject\n" in deny_list(platform), "postscreen's list", timeout=120)
        reply = until(lambda: _at_postscreen(platform, "450"), "postscreen to turn the client away", timeout=90)
        assert (
            reply
            == f"450 4.3.2 Service currently unavailable; ip address {REAL} is banned for a while, try again later"
        )
        until(lambda: bans_of(platform, f"{REAL}/32")[0]["turned_away"] >= 1, "what was turned away to be counted")
        (before,) = family(platform, "postfix")[:1]
        lingering = stack.enter_context(Dialogue(platform, "smtp", source=REAL))
        assert lingering.reply().startswith("220 ")
    until(lambda: REAL not in deny_list(platform), "the client to leave postscreen's list", timeout=120)
    # Each try is greeted in time, though the old postscreen still has a session.
    until(lambda: _at_postscreen(platform, "250"), "the client to be let in again", timeout=90)
    assert lingering.ask("NOOP").startswith("250 "), "sessions go on"
    assert before.is_running(), "nothing but postscreen begins anew"


def test_a_mark_that_is_lost_comes_back_and_with_it_the_bans_at_postscreen(platform: Platform) -> None:
    """A postscreen that begins without it passes over all lists; the gate refuses meanwhile."""
    with banned(platform, REAL):
        until(lambda: _at_postscreen(platform, "450"), "postscreen to turn the client away", timeout=120)
        with stopped(family(platform, "bans")):
            platform.paths.deny_list_mark.unlink()
            until(lambda: _at_postscreen(platform, "421"), "postscreen to miss the mark", timeout=90)
        until(lambda: _at_postscreen(platform, "450"), "postscreen to turn the client away again", timeout=120)
    until(lambda: REAL not in deny_list(platform), "the client to leave postscreen's list", timeout=120)
    until(lambda: _at_postscreen(platform, "250"), "postscreen to hear of changes again", timeout=90)


def _at_postscreen(platform: Platform, code: str) -> str:
    """The reply to RCPT where it has this code; empty otherwise."""
    with Dialogue(platform, "smtp", source=REAL) as dialogue:
        assert dialogue.reply().startswith("220 ")
        for command in ("EHLO other.example", f"MAIL FROM:<{OUTSIDE}>"):
            reply = dialogue.ask(command)
        if reply.startswith("250 "):
            reply = dialogue.ask("RCPT TO:<alice@demo.example>")
        return reply if reply.startswith(code) else ""


def test_client_that_talks_too_early_is_told(platform: Platform) -> None:
    with Dialogue(platform, "smtp", source="127.9.0.2") as dialogue:
        dialogue.send(b"EHLO other.example\r\n")
        while not (line := dialogue.line()).startswith("250 "):
            assert line[:4] in ("220-", "250-")
        dialogue.ask(f"MAIL FROM:<{OUTSIDE}>")
        reply = dialogue.ask("RCPT TO:<alice@demo.example>")
    assert reply == "450 4.5.1 Protocol error; ip address 127.9.0.2 talked before it was greeted"


@pytest.mark.parametrize("command", ["GET / HTTP/1.1", "CONNECT example.org:443 HTTP/1.1", "Subject: hello"])
def test_what_is_no_smtp_ends_the_session(platform: Platform, command: str) -> None:
    with Dialogue(platform, "smtp") as dialogue:
        assert dialogue.reply().startswith("220 ")
        assert re.match(r"221 2\.7\.0 ", dialogue.ask(command))
        assert dialogue.line() == ""


def test_pipelining_without_leave_is_refused(platform: Platform) -> None:
    with Dialogue(platform, "smtp") as dialogue:
        assert dialogue.reply().startswith("220 ")
        dialogue.send(f"HELO other.example\r\nMAIL FROM:<{OUTSIDE}>\r\nRCPT TO:<alice@demo.example>\r\n".encode())
        replies = [dialogue.reply() for _ in range(2)]
        assert any(re.match(r"5\d\d 5\.5\.[01] .*[Pp]ipelining|5\d\d 5\.5\.\d Error: ", reply) for reply in replies), (
            replies
        )
