"""Whole stories of logins through the real daemons, with a clock that is moved.

Who is locked out, who never is, what the owner is told, and what the history says.
"""

from __future__ import annotations

import http.client
import json
import secrets
import smtplib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from typing import Any

import pytest

from tests.harness.clients import HOST, Account, Dialogue, messages, new_mailbox, trusting, unique
from tests.harness.moved_guard import Clock, moved_guard
from tests.harness.platform import Platform
from tests.harness.wait import until

AT_ONCE = 20


@pytest.fixture(scope="module")
def clock(platform: Platform) -> Iterator[Clock]:
    with moved_guard(platform) as moved:
        yield moved


@pytest.fixture
def who(platform: Platform) -> Iterator[Account]:
    made = new_mailbox(platform, f"{unique('erna').replace(' ', '-')}@demo.example")
    yield made
    platform.mailcenter("mailbox", "remove", made.login)


@pytest.fixture
def client() -> str:
    return some_address()


def some_address() -> str:
    """A client address that no other test uses."""
    return f"127.{10 + secrets.randbelow(200)}.{secrets.randbelow(256)}.{1 + secrets.randbelow(250)}"


def imap(platform: Platform, client: str, login: str, password: str, program: str = "") -> str:
    """What Dovecot says to a LOGIN from this address."""
    with Dialogue(platform, "imaps", source=client) as dialogue:
        dialogue.start_tls(trusting(platform))
        assert dialogue.line().startswith("* OK")
        if program:
            dialogue.send(f'i ID ("name" "{program}" "version" "1.0")\r\n'.encode())
            while not dialogue.line().startswith("i OK"):
                pass
        dialogue.send(f'a LOGIN "{login}" "{password}"\r\n'.encode())
        while (line := dialogue.line()).startswith("*"):
            pass
        return line


def pop3(platform: Platform, client: str, login: str, password: str) -> str:
    with Dialogue(platform, "pop3s", source=client) as dialogue:
        dialogue.start_tls(trusting(platform))
        dialogue.line()
        dialogue.send(f"USER {login}\r\nPASS {password}\r\n".encode())
        dialogue.line()
        return dialogue.line()


def submission(platform: Platform, client: str, login: str, password: str) -> str:
    with smtplib.SMTP_SSL(
        HOST, platform.port("submissions"), context=trusting(platform), timeout=60, source_address=(client, 0)
    ) as smtp:
        try:
            return str(smtp.login(login, password)[0])
        except smtplib.SMTPAuthenticationError as refusal:
            return str(refusal.smtp_code)


def at_once(calls: list[Callable[[], str]]) -> list[str]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda call: call(), calls))


def lockouts(platform: Platform, client: str) -> list[str]:
    return [one["service"] for one in platform.json("guard", "list") if one["network"] == client]


def history(platform: Platform, who: Account) -> dict[tuple[str, str], int]:
    """How often each service and result."""
    found: dict[tuple[str, str], int] = {}
    for row in platform.json("guard", "logins", who.login):
        key = row["service"], row["result"]
        found[key] = found.get(key, 0) + row["times"]
    return found


def has(platform: Platform, who: Account, service: str, result: str, times: int) -> None:
    until(lambda: history(platform, who).get((service, result)) == times, f"{times} times {result} in the history")


def told(platform: Platform, who: Account, subject: str) -> list[str]:
    """The mails of the guard with this subject, their texts."""
    return [mail.get_content() for mail in messages(platform, who) if mail["subject"] == subject]


def test_a_phone_with_an_old_password_for_an_hour(platform: Platform, who: Account, client: str, clock: Clock) -> None:
    """Every 30 seconds: nobody is locked out, and the owner is told once."""
    assert imap(platform, client, who.login, who.password, "Phone").startswith("a OK ")
    new = Account(who.login, secrets.token_urlsafe(18))
    platform.mailcenter("mailbox", "change", who.login, "--password-stdin", stdin=f"{new.password}\n")
    for _ in range(6):
        said = at_once([partial(imap, platform, client, who.login, who.password, "Phone")] * 20)
        assert all(line.startswith("a NO ") and "locked" not in line for line in said)
        clock.move(600)
    has(platform, who, "imap", "old-password", 120)
    assert lockouts(platform, client) == []
    assert imap(platform, client, new.login, new.password).startswith("a OK ")
    subject = "A device still uses your old password"
    (text,) = until(lambda: told(platform, new, subject), "the mail to the owner")
    assert "Phone 1.0" in text
    assert client in text
    rows = platform.json("guard", "logins", who.login, "--failed")
    assert {(row["program"], row["address"], row["network"]) for row in rows} == {("Phone 1.0", client, client)}
    assert len(told(platform, new, subject)) == 1


def test_a_wizard_that_guesses(platform: Platform, who: Account, client: str, clock: Clock) -> None:
    """Twelve combinations of service and spelling of the login, with the right password."""
    names = [who.login, who.login.partition("@")[0], who.login.upper()]
    ways = [imap, pop3, submission, imap_by_starttls]
    said = at_once([partial(way, platform, client, name, who.password) for way in ways for name in names])
    assert len(said) == 12
    assert sum(line.startswith(("a OK", "+OK", "235")) for line in said) == 8
    assert lockouts(platform, client) == []
    assert imap(platform, client, who.login, who.password).startswith("a OK ")


def imap_by_starttls(platform: Platform, client: str, login: str, password: str) -> str:
    with Dialogue(platform, "imap", source=client) as dialogue:
        dialogue.line()
        dialogue.send(b"s STARTTLS\r\n")
        while not dialogue.line().startswith("s OK"):
            pass
        dialogue.start_tls(trusting(platform))
        dialogue.send(f'a LOGIN "{login}" "{password}"\r\n'.encode())
        while (line := dialogue.line()).startswith("*"):
            pass
        return line


def test_one_mistyped_password(platform: Platform, who: Account, client: str, clock: Clock) -> None:
    assert imap(platform, client, who.login, f"{who.password}x").startswith("a NO ")
    assert imap(platform, client, who.login, who.password).startswith("a OK ")
    has(platform, who, "imap", "wrong-password", 1)
    has(platform, who, "imap", "good", 1)
    assert lockouts(platform, client) == []


def test_brute_force(platform: Platform, who: Account, client: str, clock: Clock) -> None:
    """200 different passwords: ten are looked at, IMAP alone is locked, and opens by itself when its time has come."""
    for number in range(10):
        assert imap(platform, client, who.login, f"guess {number}").startswith("a NO ")
    until(lambda: lockouts(platform, client) == ["imap"], "the lockout")
    said = at_once([partial(imap, platform, client, who.login, f"guess {n}") for n in range(10, 200)])
    assert all("too many wrong passwords" in line for line in said)
    has(platform, who, "imap", "wrong-password", 10)
    has(platform, who, "imap", "locked", 190)
    assert "too many wrong passwords" in imap(platform, client, who.login, who.password)
    assert pop3(platform, client, who.login, who.password).startswith("+OK")
    assert submission(platform, client, who.login, who.password) == "235"
    platform.mailcenter("gate", "ban", "lift", client)
    clock.move(601)
    assert imap(platform, client, who.login, who.password).startswith("a OK ")
    assert lockouts(platform, client) == []
    assert told(platform, who, "Your connection is locked out for a while") == []  # no network of the owner's


def test_five_hundred_networks_and_the_owner(platform: Platform, who: Account, client: str, clock: Clock) -> None:
    """A spread attack on one account: strangers are turned away, the owner on his known network is not."""
    assert imap(platform, client, who.login, who.password).startswith("a OK ")
    has(platform, who, "imap", "good", 1)
    for _ in range(500):
        assert report(platform, who.login, some_address(), success=False) == 200
    stranger = imap(platform, some_address(), who.login, who.password)
    assert "this account is under attack" in stranger
    assert imap(platform, client, who.login, who.password).startswith("a OK ")


def report(platform: Platform, login: str, address: str, *, success: bool) -> int:
    """As Dovecot tells the guard of a login; a digest of its own each time."""
    key = platform.paths.guard_key.read_text().strip()
    said = {
        "protocol": "imap",
        "remote": address,
        "login": login,
        "pwhash": secrets.token_hex(4),
        "success": success,
        "policy_reject": False,
    }
    with closing(http.client.HTTPConnection("127.0.0.1", platform.settings.guard.port, timeout=60)) as web:
        web.request("POST", "/policy?command=report", json.dumps(said), {"X-API-Key": key})
        return web.getresponse().status


def test_slow_guesses_at_one_account(platform: Platform, who: Account, client: str, clock: Clock) -> None:
    """One every 200 seconds: no short window sees them, but the day does. Another address is not concerned."""
    most = platform.settings.guard.slow_guesses
    for _ in range(most - 1):
        assert report(platform, who.login, client, success=False) == 200
        clock.move(200)
    assert lockouts(platform, client) == []
    assert imap(platform, client, who.login, "one more").startswith("a NO ")
    until(lambda: lockouts(platform, client) == ["imap"], "the lockout")
    assert f"too many wrong passwords from {client}" in imap(platform, client, who.login, who.password)
    assert imap(platform, some_address(), who.login, who.password).startswith("a OK ")
    clock.move(platform.settings.guard.lockout)
    assert imap(platform, client, who.login, "and one more").startswith("a NO ")
    until(lambda: lockouts(platform, client) == ["imap"], "the next lockout, at once")
    platform.mailcenter("guard", "lift", "imap", client)
    assert imap(platform, client, who.login, who.password).startswith("a OK ")


def test_a_household_behind_one_address(platform: Platform, client: str, clock: Clock) -> None:
    """Six people, six stale phones, each of whom mistypes once: nobody is locked out."""
    family = [new_mailbox(platform, f"{unique('kid').replace(' ', '-')}@demo.example") for _ in range(6)]
    try:
        for one in family:
            assert imap(platform, client, one.login, one.password).startswith("a OK ")
        fresh = []
        for one in family:
            password = secrets.token_urlsafe(18)
            platform.mailcenter("mailbox", "change", one.login, "--password-stdin", stdin=f"{password}\n")
            fresh.append(Account(one.login, password))
        at_once([partial(imap, platform, client, one.login, one.password) for one in family * 5])
        at_once([partial(imap, platform, client, one.login, f"{one.password}x") for one in fresh])
        said = at_once([partial(imap, platform, client, one.login, one.password) for one in fresh])
        assert all(line.startswith("a OK ") for line in said)
        assert lockouts(platform, client) == []
    finally:
        for one in family:
            platform.mailcenter("mailbox", "remove", one.login)


def test_a_new_network_is_told_once(platform: Platform, who: Account, client: str, clock: Clock) -> None:
    subject, away = "New sign-in to your mailbox", some_address()
    assert imap(platform, client, who.login, who.password).startswith("a OK ")
    has(platform, who, "imap", "good", 1)
    for times in (2, 3):
        assert imap(platform, away, who.login, who.password, "Tablet").startswith("a OK ")
        has(platform, who, "imap", "good", times)

    def told_of_it() -> list[str]:
        """Reading the mail is a login from 127.0.0.1, which is told as well."""
        return [text for text in told(platform, who, subject) if away in text]

    (text,) = until(told_of_it, "the mail about the new network")
    assert "Tablet 1.0" in text
    assert len(told_of_it()) == 1


def test_the_owner_hears_of_a_lockout_and_lifts_it(platform: Platform, who: Account, client: str, clock: Clock) -> None:
    token = json.loads(platform.mailcenter("api-key", "add", who.login, "--name", "t", "--scope", "logins:read",
                                           "--scope", "logins:write", "--json").stdout)["token"]  # fmt: skip
    assert imap(platform, client, who.login, who.password).startswith("a OK ")
    has(platform, who, "imap", "good", 1)
    for number in range(30):  # a network that the account knows has three times the patience
        report_wrong = imap(platform, client, who.login, f"slip {number}")
        assert report_wrong.startswith("a NO ")
    until(lambda: lockouts(platform, client) == ["imap"], "the lockout")
    (text,) = until(lambda: told(platform, who, "Your connection is locked out for a while"), "the mail")
    assert client in text
    items = api(platform, token, "GET", "/lockouts")["items"]
    assert [(one["service"], one["network"]) for one in items] == [("imap", client)]
    stranger = some_address()
    platform.mailcenter("guard", "lock", "imap", stranger, "--for", "10m")
    try:
        assert api(platform, token, "POST", "/lockouts/lift", service="imap", client=stranger)["status"] == 404
        api(platform, token, "POST", "/lockouts/lift", service="imap", client=client)
        assert imap(platform, client, who.login, who.password).startswith("a OK ")
    finally:
        platform.mailcenter("guard", "lift", "imap", stranger)


def api(platform: Platform, token: str, method: str, path: str, **body: str) -> dict[str, Any]:
    with closing(http.client.HTTPSConnection(HOST, platform.port("https"), context=trusting(platform))) as web:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        web.request(method, f"/api/v1{path}", json.dumps(body) if body else None, headers)
        answer: dict[str, Any] = json.loads(web.getresponse().read())
        return answer
