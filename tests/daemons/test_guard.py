"""Guessing at passwords through the real services: who is locked out of what, and who never is."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import signal
import smtplib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any

import psutil
import pytest

from mailcenter.engines.supervisor.client import Supervisor
from tests.harness.clients import HOST, Account, Dialogue, new_mailbox, trusting, unique
from tests.harness.platform import Platform
from tests.harness.wait import until

GUESSES = 10


@pytest.fixture(scope="module")
def dora(platform: Platform) -> Iterator[Account]:
    who = new_mailbox(platform, f"{unique('dora').replace(' ', '-')}@demo.example")
    yield who
    platform.mailcenter("mailbox", "remove", who.login)


@pytest.fixture
def client() -> str:
    """A client address that no other test uses."""
    return f"127.{10 + secrets.randbelow(200)}.{secrets.randbelow(256)}.{1 + secrets.randbelow(250)}"


def imap(platform: Platform, client: str, login: str, password: str) -> str:
    """What Dovecot says to a LOGIN from this address."""
    with Dialogue(platform, "imaps", source=client) as dialogue:
        dialogue.start_tls(trusting(platform))
        assert dialogue.line().startswith("* OK")
        dialogue.send(f'a LOGIN "{login}" "{password}"\r\n'.encode())
        while (line := dialogue.line()).startswith("*"):
            pass
        return line


def pop3(platform: Platform, client: str, who: Account) -> str:
    with Dialogue(platform, "pop3s", source=client) as dialogue:
        dialogue.start_tls(trusting(platform))
        dialogue.line()
        dialogue.send(f"USER {who.login}\r\nPASS {who.password}\r\n".encode())
        dialogue.line()
        return dialogue.line()


def submission(platform: Platform, client: str, who: Account) -> int:
    context = trusting(platform)
    with smtplib.SMTP_SSL(
        HOST, platform.port("submissions"), context=context, timeout=60, source_address=(client, 0)
    ) as smtp:
        try:
            return smtp.login(who.login, who.password)[0]
        except smtplib.SMTPAuthenticationError as refusal:
            return refusal.smtp_code


def lockouts(platform: Platform, client: str) -> list[dict[str, Any]]:
    return [one for one in platform.json("guard", "list") if one["network"] == client]


def banned(platform: Platform, client: str) -> dict[str, Any] | None:
    """What the gate's list says about this address."""
    return next((ban for ban in platform.json("gate", "bans") if ban["network"] == f"{client}/32"), None)


def guess(platform: Platform, client: str, login: str, times: int) -> None:
    for number in range(times):
        assert imap(platform, client, login, f"guess {number} {secrets.token_hex(3)}").startswith("a NO ")


def at_once(times: int, call: Callable[[], str]) -> list[str]:
    """What so many calls give; each failed login waits for two seconds."""
    with ThreadPoolExecutor(times) as pool:
        return [future.result() for future in [pool.submit(call) for _ in range(times)]]


def locked_page(platform: Platform, client: str, language: str = "en") -> str:
    """What the page that needs no login tells this address."""
    with closing(
        http.client.HTTPSConnection(
            HOST, platform.port("https"), context=trusting(platform), source_address=(client, 0), timeout=60
        )
    ) as web:
        web.request("GET", "/locked", headers={"Accept-Language": language})
        answer = web.getresponse()
        assert answer.status == 200
        return answer.read().decode()


def test_brute_force_is_locked_out_of_one_service_and_let_in_again(
    platform: Platform, dora: Account, client: str
) -> None:
    assert "not locked out" in locked_page(platform, client)
    guess(platform, client, dora.login, GUESSES)
    (found,) = until(lambda: lockouts(platform, client), "the lockout")
    assert (found["service"], found["guesses"]) == ("imap", GUESSES)
    said = imap(platform, client, dora.login, dora.password)
    assert said.startswith("a NO ")
    assert f"too many wrong passwords from {client}" in said
    assert "/locked" in said
    assert pop3(platform, client, dora).startswith("+OK")
    assert submission(platform, client, dora) == 235
    assert imap(platform, "127.0.0.1", dora.login, dora.password).startswith("a OK ")
    assert "Your address is locked out" in locked_page(platform, client)
    assert "Ihre Adresse ist für eine Weile gesperrt" in locked_page(platform, client, "de")
    assert dora.login not in locked_page(platform, client)
    platform.mailcenter("guard", "lift", "imap", client)
    assert imap(platform, client, dora.login, dora.password).startswith("a OK ")
    ban = until(lambda: banned(platform, client), "the ban of the gate")
    assert (ban["cause"], ban["offences"]) == ("guessing", GUESSES)
    platform.mailcenter("gate", "ban", "lift", client)
    assert f"Ban {client} imap for " in (log := platform.paths.log("guard").read_text())
    assert f"Unban {client} imap, lifted" in log


def test_a_lockout_ends_by_itself(platform: Platform, dora: Account, client: str) -> None:
    platform.mailcenter("guard", "lock", "imap", client, "--for", "5s")
    assert imap(platform, client, dora.login, dora.password).startswith("a NO ")
    until(lambda: imap(platform, client, dora.login, dora.password).startswith("a OK "), "the end of the lockout")
    until(lambda: f"Unban {client} imap\n" in platform.paths.log("guard").read_text(), "its end in the log")


def test_a_stale_password_and_a_wizard_lock_nobody_out(platform: Platform, dora: Account, client: str) -> None:
    """A phone repeats one old password; a newcomer's program tries spellings of the login, and one typing error."""
    for _ in range(GUESSES + 2):
        assert imap(platform, client, dora.login, "the old password").startswith("a NO ")
    for name in (dora.login.partition("@")[0], dora.login.upper(), "demo.example"):
        imap(platform, client, name, dora.password)
    assert imap(platform, client, dora.login, f"{dora.password}x").startswith("a NO ")
    assert imap(platform, client, dora.login, dora.password).startswith("a OK ")
    assert lockouts(platform, client) == []


def test_a_right_password_that_opens_nothing_is_no_guess(platform: Platform, dora: Account, client: str) -> None:
    """A phone with the owner's own password where mail programs need one of their own: it is told, for hours."""
    platform.mailcenter("mailbox", "change", dora.login, "--app-passwords-only")
    try:
        for said in at_once(GUESSES + 2, lambda: imap(platform, client, dora.login, dora.password)):
            assert said.startswith("a NO [ALERT] mail programs need an app password here")
        assert lockouts(platform, client) == []
    finally:
        platform.mailcenter("mailbox", "change", dora.login, "--own-password-too")
    assert imap(platform, client, dora.login, dora.password).startswith("a OK ")

    def results() -> dict[str, int]:
        rows = platform.json("guard", "logins", dora.login)
        return {row["result"]: row["times"] for row in rows if row["address"] == client}

    until(lambda: results() == {"refused": GUESSES + 2, "good": 1}, "the history")


def test_the_control_center_is_guarded_too(platform: Platform, dora: Account, client: str) -> None:
    platform.mailcenter("guard", "lock", "web", client, "--for", "5m")
    try:
        assert "Signing in to this control center" in locked_page(platform, client)
    finally:
        platform.mailcenter("guard", "lift", "web", client)


@contextmanager
def without(platform: Platform, name: str) -> Iterator[None]:
    supervisor = Supervisor(platform.settings)
    supervisor.stop(name)
    try:
        yield
    finally:
        supervisor.start(name)
        until(lambda: platform.mailcenter("status", check=False).returncode == 0, "a healthy platform", timeout=120)


def health(platform: Platform) -> dict[str, Any]:
    engines = json.loads(platform.mailcenter("status", "--json", check=False).stdout)["engines"]
    found: dict[str, Any] = next(engine for engine in engines if engine["name"] == "guard")
    return found


@pytest.mark.parametrize("part", ["guard", "redis"])
def test_without_the_guard_good_logins_go_on_and_it_is_shown(
    platform: Platform, dora: Account, client: str, part: str
) -> None:
    with without(platform, part):
        assert imap(platform, client, dora.login, dora.password).startswith("a OK ")
        assert imap(platform, client, dora.login, "wrong").startswith("a NO ")
        shown = health(platform)
        assert not shown["healthy"]
        assert "logins are not guarded" in shown["detail"]
    platform.mailcenter("guard", "lock", "imap", client, "--for", "1m")
    assert imap(platform, client, dora.login, dora.password).startswith("a NO ")


def test_a_killed_guard_comes_back_and_remembers(platform: Platform, dora: Account, client: str) -> None:
    platform.mailcenter("guard", "lock", "imap", client, "--for", "5m")
    before = health(platform)["processes"][0]["pid"]
    os.kill(psutil.Process(before).pid, signal.SIGKILL)
    until(lambda: health(platform)["healthy"] and health(platform)["processes"][0]["pid"] != before, "a new guard")
    assert imap(platform, client, dora.login, dora.password).startswith("a NO ")


def test_strangers_on_this_machine_cannot_speak_for_dovecot(platform: Platform) -> None:
    said = {"login": "a", "remote": "192.0.2.1", "protocol": "imap", "pwhash": "1", "success": False}
    with closing(http.client.HTTPConnection("127.0.0.1", platform.settings.guard.port, timeout=60)) as web:
        web.request("POST", "/policy?command=report", json.dumps(said), {"X-API-Key": "guessed"})
        assert web.getresponse().status == 403


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("lift", "imap", "203.0.113.77"), "203.0.113.77 is not locked out"),
        (("lift", "ftp", "203.0.113.77"), "service: The service must be one of"),
        (("lock", "imap", "nonsense"), "client: This is neither"),
        (("lock", "imap", "203.0.113.77", "--for", "soon"), "'soon' is no time"),
    ],
)
def test_wrong_input_is_one_line(platform: Platform, arguments: tuple[str, ...], said: str) -> None:
    ended = platform.mailcenter("guard", *arguments, check=False)
    assert ended.returncode != 0
    assert said in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
