"""Logins of mail programs through Dovecot and the logins daemon: hashes of other systems, and many at a time."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager

import psutil
import psycopg
import pytest

from mailcenter.settings.identities import DATABASE, OWNER_ROLE, POSTGRES_PORT
from tests.harness.center import Visitor
from tests.harness.clients import Account, Dialogue, logged_in, mail, send_from_outside, trusting, unique, wait_for_mail
from tests.harness.parts import family, healthy, postfix_beginning_anew, stopped
from tests.harness.platform import Platform
from tests.harness.wait import until

SLOW = 10
_BCRYPT_COST = "14"  # about a second of one processor


def hashed(scheme: str, password: str, *options: str) -> str:
    """As another system keeps a password, by Dovecot's own tool."""
    if scheme == "PLAIN":
        return f"{{PLAIN}}{password}"
    made = subprocess.run(
        ["doveadm", "pw", "-s", scheme, *options],
        input=f"{password}\n{password}\n",
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout.strip().splitlines()[-1]


@contextmanager
def imported(platform: Platform, stored: str, password: str) -> Iterator[Account]:
    """A mailbox whose owner comes from another system."""
    who = Account(f"{unique('moved').replace(' ', '-')}@demo.example", password)
    platform.mailcenter("mailbox", "add", who.login, "--password-hash-file", "-", stdin=f"{stored}\n")
    try:
        yield who
    finally:
        platform.mailcenter("mailbox", "remove", who.login)


def stored_password(platform: Platform, who: Account) -> str:
    with psycopg.connect(
        host=str(platform.paths.postgres_socket_dir), port=POSTGRES_PORT, dbname=DATABASE, user=OWNER_ROLE
    ) as database:
        row = database.execute("SELECT password FROM directory_user WHERE login = %s", (who.login,)).fetchone()
    assert row
    return str(row[0])


def may_read(platform: Platform, login: str, password: str) -> bool:
    """Whether IMAP takes this login, from an address that no other login comes from: wrong ones are counted by it."""
    source = f"127.{10 + secrets.randbelow(200)}.{secrets.randbelow(256)}.{1 + secrets.randbelow(250)}"
    with Dialogue(platform, "imaps", source=source, seconds=120) as imap:
        imap.start_tls(trusting(platform))
        assert imap.line().startswith("* OK")
        imap.send(f'a LOGIN "{login}" "{password}"\r\n'.encode())
        while (said := imap.line()).startswith("*"):
            pass
        assert said.startswith(("a OK", "a NO [AUTHENTICATIONFAILED]")), said
        return said.startswith("a OK")


@pytest.mark.parametrize(
    "scheme", ["BLF-CRYPT", "SHA512-CRYPT", "SSHA", "PBKDF2", "MD5-CRYPT", "PLAIN", "ARGON2ID", "SHA256-CRYPT"]
)
def test_a_password_from_elsewhere_is_taken_and_becomes_argon2id(platform: Platform, scheme: str) -> None:
    password = secrets.token_urlsafe(15)
    with imported(platform, hashed(scheme, password), password) as who:
        assert not may_read(platform, who.login, f"{password}x")
        assert may_read(platform, who.login, password)
        until(
            lambda: stored_password(platform, who).startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$"),
            "the hash to be renewed",
        )
        assert may_read(platform, who.login, password)
        assert not may_read(platform, who.login, f"{password}x")


def test_submission_and_the_center_take_and_renew_it_too(platform: Platform) -> None:
    password = secrets.token_urlsafe(15)
    with imported(platform, hashed("SHA512-CRYPT", password), password) as who:
        with logged_in(platform, who) as smtp:
            smtp.noop()
        until(lambda: stored_password(platform, who).startswith("argon2$"), "the hash to be renewed by submission")
    with imported(platform, hashed("SSHA", password), password) as who:
        assert not Visitor(platform).log_in(who.login, f"{password}x")
        assert stored_password(platform, who).startswith("imported$")
        assert Visitor(platform).log_in(who.login, password)
        assert stored_password(platform, who).startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_hash_can_be_given_to_a_mailbox_that_exists(platform: Platform) -> None:
    password = secrets.token_urlsafe(15)
    with imported(platform, "{PLAIN}something else", "something else") as who:
        assert may_read(platform, who.login, "something else")
        platform.mailcenter(
            "mailbox", "change", who.login, "--password-hash-file", "-", stdin=f"{hashed('SSHA', password)}\n"
        )
        assert may_read(platform, who.login, password)
        assert not may_read(platform, who.login, "something else")


def test_wrong_hashes_are_refused_in_one_line_that_does_not_repeat_them(platform: Platform) -> None:
    address = f"{unique('nobody').replace(' ', '-')}@demo.example"
    ended = platform.mailcenter(
        "mailbox", "add", address, "--password-hash-file", "-", stdin="my own secret\n", check=False
    )
    assert ended.returncode != 0
    assert "password_hash: " in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "secret" not in ended.stderr
    assert platform.mailcenter("mailbox", "show", address, check=False).returncode != 0


def test_slow_logins_delay_neither_another_login_nor_a_delivery(platform: Platform) -> None:
    """Ten passwords whose hashes take long each are compared while another login and a delivery go their way."""
    password = secrets.token_urlsafe(15)
    stored = hashed("BLF-CRYPT", password, "-r", _BCRYPT_COST)
    with imported(platform, stored, password) as slow, imported(platform, f"{{PLAIN}}{password}", password) as fast:
        assert may_read(platform, fast.login, password)
        with ThreadPoolExecutor(SLOW) as pool:
            # wrong ones, so that the hash stays as slow as it is
            waiting = [pool.submit(may_read, platform, slow.login, f"{password}{number % 3}") for number in range(SLOW)]
            until(lambda: _logins_are_computed(platform), "the slow hashes to be computed")
            began = time.monotonic()
            assert may_read(platform, fast.login, password)
            send_from_outside(platform, mail(subject := unique("meanwhile"), to=fast.login), [fast.login])
            wait_for_mail(platform, fast, subject)
            took = time.monotonic() - began
            still = len(wait(waiting, timeout=0).not_done)
            assert still, f"the ten slow logins had ended when the others had taken {took:.1f} s"
            assert not any(each.result() for each in waiting)


def _logins_are_computed(platform: Platform) -> bool:
    process = psutil.Process(_daemon(platform))
    before = process.cpu_times().user
    psutil.cpu_percent(interval=0.1)  # a share of processor time needs two looks
    return bool(process.cpu_times().user - before > 0.05)


def _daemon(platform: Platform) -> int:
    engines = platform.json("status")["engines"]
    return int(next(engine for engine in engines if engine["name"] == "logins")["processes"][0]["pid"])


def test_a_killed_daemon_refuses_for_a_moment_and_comes_back(platform: Platform, alice: Account) -> None:
    assert may_read(platform, alice.login, alice.password)
    os.kill(_daemon(platform), signal.SIGKILL)

    def let_in() -> bool:
        try:
            return may_read(platform, alice.login, alice.password)
        except (AssertionError, OSError):
            return False

    until(let_in, "the login to be taken again")
    assert not may_read(platform, alice.login, "wrong")


def answer(platform: Platform, login: str, password: str) -> str:
    """OK, or the code of the refusal."""
    try:
        return "OK" if may_read(platform, login, password) else "AUTHENTICATIONFAILED"
    except AssertionError as error:
        return "UNAVAILABLE" if "[UNAVAILABLE]" in str(error) else str(error)


def test_a_halted_directory_lets_nobody_in_and_is_shown(platform: Platform, alice: Account) -> None:
    with stopped(family(platform, "postgres")):
        assert answer(platform, alice.login, alice.password) == "UNAVAILABLE"
        assert answer(platform, alice.login, "wrong") == "UNAVAILABLE"
        assert not healthy(platform, "postgres")
        assert not healthy(platform, "logins")
    until(lambda: answer(platform, alice.login, alice.password) == "OK", "logins to go on", timeout=90)


def test_a_killed_directory_takes_no_wrong_password_and_logins_recover(platform: Platform, alice: Account) -> None:
    """Who is right may have to wait a moment, who is wrong is never let in; the first login afterwards is answered."""
    with postfix_beginning_anew(platform):
        family(platform, "postgres")[0].kill()
        right = [answer(platform, alice.login, alice.password) for _ in range(5)]
        wrong = [answer(platform, alice.login, "wrong") for _ in range(5)]
        assert set(right) <= {"OK", "UNAVAILABLE"}, right
        assert set(wrong) <= {"AUTHENTICATIONFAILED", "UNAVAILABLE"}, wrong
        until(lambda: healthy(platform, "postgres"), "the directory to be back", timeout=90)
        assert answer(platform, alice.login, alice.password) == "OK"


def test_no_password_is_logged(platform: Platform, alice: Account) -> None:
    wrong = secrets.token_urlsafe(15)
    assert may_read(platform, alice.login, alice.password)
    assert not may_read(platform, alice.login, wrong)
    for log in (platform.paths.state / "log").iterdir():
        content = log.read_text(errors="replace")
        assert alice.password not in content, log.name
        assert wrong not in content, log.name
