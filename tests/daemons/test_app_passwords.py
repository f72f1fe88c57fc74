"""App passwords through the real services: what each opens, its last use, its end, and the switch for one's own."""

from __future__ import annotations

import re
import secrets
import smtplib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.harness.center import Visitor
from tests.harness.clients import HOST, Account, Dialogue, new_mailbox, trusting, unique
from tests.harness.countries import countries
from tests.harness.platform import Platform
from tests.harness.wait import until


@pytest.fixture(scope="module")
def erna(platform: Platform) -> Iterator[Account]:
    who = new_mailbox(platform, f"{unique('erna').replace(' ', '-')}@demo.example")
    yield who
    platform.mailcenter("mailbox", "remove", who.login)


def make(platform: Platform, who: Account, *services: str) -> dict[str, Any]:
    """A new one, with its password."""
    options = [option for service in services for option in ("--service", service)]
    made: dict[str, Any] = platform.json("app-password", "add", who.login, "--name", "phone", *options)
    return made


def said_to(platform: Platform, login: str, password: str, *, before: str = "") -> str:
    """What IMAP says to a login, from an address that no other login comes from."""
    source = f"127.{10 + secrets.randbelow(200)}.{secrets.randbelow(256)}.{1 + secrets.randbelow(250)}"
    with Dialogue(platform, "imaps", source=source, seconds=60) as imap:
        imap.start_tls(trusting(platform))
        imap.line()
        if before:
            imap.send(f"i {before}\r\n".encode())
            while not imap.line().startswith("i "):
                pass
        imap.send(f'a LOGIN "{login}" "{password}"\r\n'.encode())
        while (said := imap.line()).startswith("*"):
            pass
        return said


def submits(platform: Platform, login: str, password: str) -> tuple[int, str]:
    with smtplib.SMTP_SSL(HOST, platform.port("submissions"), context=trusting(platform), timeout=60) as smtp:
        try:
            code, text = smtp.login(login, password)
        except smtplib.SMTPAuthenticationError as refusal:
            code, error = refusal.smtp_code, refusal.smtp_error
            return code, error.decode() if isinstance(error, bytes) else error
        return code, text.decode()


def listed(platform: Platform, who: Account) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = platform.json("app-password", "list", who.login)
    return rows


def test_it_opens_its_services_only_and_its_use_is_noted(platform: Platform, erna: Account) -> None:
    made = make(platform, erna, "imap")
    identity = 'ID ("name" "Test Mail" "version" "7")'
    assert said_to(platform, erna.login, made["password"], before=identity).startswith("a OK")
    assert said_to(platform, erna.login, made["password"].replace("-", "")).startswith("a OK")
    code, text = submits(platform, erna.login, made["password"])
    assert code == 535
    assert "does not open submission" in text
    used = until(lambda: next((row for row in listed(platform, erna) if row["last_used_at"]), None), "its use")
    assert (used["name"], used["services"], used["last_used_service"]) == ("phone", ["imap"], "imap")
    assert used["last_used_address"].startswith("127.")
    assert "Test Mail" in used["last_used_program"]
    assert "password" not in used
    assert said_to(platform, erna.login, erna.password).startswith("a OK")


def test_its_last_use_names_the_country_where_that_is_known(platform: Platform, erna: Account) -> None:
    made = make(platform, erna, "imap")
    with countries(platform, "127.0.0.0/8", "DE"):
        until(lambda: said_to(platform, erna.login, made["password"]).startswith("a OK"), "a login")
        rows = until(lambda: [row for row in listed(platform, erna) if row["last_used_country"]], "its country")
    assert [(row["id"], row["last_used_country"]) for row in rows] == [(made["id"], "DE")]


def ends_a_session(platform: Platform, login: str, password: str, *command: str, stdin: str = "") -> None:
    """A session that was opened by a password is ended from the other side by a command of the platform."""
    with Dialogue(platform, "imaps", seconds=60) as imap:
        imap.start_tls(trusting(platform))
        imap.line()
        imap.send(f'a LOGIN "{login}" "{password}"\r\n'.encode())
        assert imap.line().startswith("a OK")
        platform.mailcenter(*command, stdin=stdin)
        try:
            said = imap.line()  # waits for the end
        except ConnectionError:
            return
        assert said == "" or said.startswith("* BYE")


def test_an_ended_one_ends_its_running_session(platform: Platform, erna: Account) -> None:
    made = make(platform, erna, "imap", "submission")
    ends_a_session(platform, erna.login, made["password"], "app-password", "remove", str(made["id"]))
    assert said_to(platform, erna.login, made["password"]).startswith("a NO")
    assert said_to(platform, erna.login, erna.password).startswith("a OK")


def test_a_changed_password_ends_running_sessions(platform: Platform, erna: Account) -> None:
    change = ("mailbox", "change", erna.login, "--password-stdin")
    ends_a_session(platform, erna.login, erna.password, *change, stdin=f"{erna.password}\n")
    assert said_to(platform, erna.login, erna.password).startswith("a OK")


def test_ones_own_password_opens_the_center_only_when_so_switched(platform: Platform, erna: Account) -> None:
    made = make(platform, erna, "imap", "submission")
    platform.mailcenter("mailbox", "change", erna.login, "--app-passwords-only")
    try:
        said = said_to(platform, erna.login, erna.password)
        assert said.startswith("a NO")
        assert "mail programs need an app password here" in said
        assert "/app-passwords" in said
        code, text = submits(platform, erna.login, erna.password)
        assert code == 535
        assert "app password" in text
        assert said_to(platform, erna.login, made["password"]).startswith("a OK")
        assert submits(platform, erna.login, made["password"])[0] == 235
        assert Visitor(platform).log_in(erna.login, erna.password)
        assert not Visitor(platform).log_in(erna.login, made["password"])
    finally:
        platform.mailcenter("mailbox", "change", erna.login, "--own-password-too")
    assert said_to(platform, erna.login, erna.password).startswith("a OK")


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_owner_makes_and_ends_one_in_the_center(platform: Platform, erna: Account, language: str) -> None:
    visitor = Visitor(platform, language=language)
    assert visitor.log_in(erna.login, erna.password)
    name = unique("tablet")
    page = visitor.post("/app-passwords/add", name=name, services="imap")
    shown = re.search(r"(?:[a-z2-9]{5}-){4}[a-z2-9]{5}", page)
    assert shown, page
    assert said_to(platform, erna.login, shown[0]).startswith("a OK")
    (row,) = [row for row in listed(platform, erna) if row["name"] == name]
    page = visitor.get("/app-passwords")
    assert name in page
    assert shown[0] not in page
    visitor.post_from("/app-passwords", f"/app-passwords/{row['id']}/remove")
    assert not [row for row in listed(platform, erna) if row["name"] == name]
    assert said_to(platform, erna.login, shown[0]).startswith("a NO")


def test_a_weak_password_is_refused_with_what_helps(platform: Platform, erna: Account) -> None:
    for language, said in (("en", "This password is too easy to guess."), ("de", "ist zu leicht zu erraten")):
        visitor = Visitor(platform, language=language)
        assert visitor.log_in(erna.login, erna.password)
        page = visitor.post(
            "/profile/password", current_password=erna.password, password="Sommer2024!", repeated="Sommer2024!"
        )
        assert said in page
    assert said_to(platform, erna.login, erna.password).startswith("a OK")
