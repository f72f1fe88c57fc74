"""Dovecot's files: what the settings lead to, and that Dovecot itself accepts them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mailcenter.engines.base import EngineError
from mailcenter.engines.dovecot import ENGINE
from mailcenter.engines.dovecot.render import scripts_of
from mailcenter.engines.guard import ENGINE as GUARD
from mailcenter.engines.tls import ENGINE as TLS
from mailcenter.engines.write import ensure_directory, write_file
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings


def written(settings: Settings) -> Path:
    """Put all files in place as `up` does; gives their directory."""
    for engine in (TLS, GUARD, ENGINE):
        for directory in engine.directories(settings):
            ensure_directory(directory)
        for file in engine.render(settings):
            write_file(file)
        engine.prepare(settings)
    return paths(settings).etc("dovecot")


def content(settings: Settings, name: str) -> str:
    return next(file.content for file in ENGINE.render(settings) if file.path.name == name)


@pytest.fixture
def with_certificate(server: Settings) -> Settings:
    """A server whose certificate is not at hand gets an own one for the test."""
    return server.model_copy(update={"demo": True})


@pytest.mark.parametrize("kind", ["demo", "with_certificate"])
def test_dovecot_accepts_its_files(kind: str, request: pytest.FixtureRequest) -> None:
    settings: Settings = request.getfixturevalue(kind)
    written(settings)
    ENGINE.check(settings)
    assert all(script.with_suffix(".svbin").exists() for script in scripts_of(settings))
    assert len(scripts_of(settings)) == 3


def test_a_fault_is_named(demo: Settings) -> None:
    config = written(demo) / "dovecot.conf"
    config.write_text(config.read_text() + "mail_loction = sdbox:~/m\n")
    with pytest.raises(EngineError, match="mail_loction"):
        ENGINE.check(demo)


def test_a_broken_junk_script_is_named(demo: Settings) -> None:
    written(demo)
    scripts_of(demo)[0].write_text("fileinto nothing;\n")
    with pytest.raises(EngineError, match=r"junk\.sieve does not compile"):
        ENGINE.check(demo)


def test_login_and_content_need_tls(demo: Settings) -> None:
    lines = content(demo, "dovecot.conf").splitlines()
    assert {"ssl = required", "disable_plaintext_auth = yes", "ssl_min_protocol = TLSv1.2"} <= set(lines)


def test_dovecot_asks_the_directory_for_no_password_and_delivers_to_all(demo: Settings) -> None:
    sql = content(demo, "sql.conf")
    queries = {name: query for name, _, query in (line.partition(" = ") for line in sql.splitlines())}
    assert "password_query" not in queries
    assert str(paths(demo).logins_socket) in content(demo, "login.lua")
    assert "active" not in queries["user_query"]


def test_no_percent_sign_before_a_quote(demo: Settings) -> None:
    """`%'` is a variable in Dovecot's SQL, so a LIKE pattern would silently become something else."""
    assert not re.search(r"%'", content(demo, "sql.conf"))


def test_enough_connections_for_all_processes(demo: Settings) -> None:
    text = content(demo, "dovecot.conf")
    limits = {
        name: dict(re.findall(r"^  (\w+_limit) = (\d+)", body, re.MULTILINE))
        for name, body in re.findall(r"^service ([\w-]+) \{\n(.*?)^\}", text, re.MULTILINE | re.DOTALL)
    }
    logins = sum(
        int(limits[name]["process_limit"]) * int(limits[name]["client_limit"])
        for name in ("imap-login", "pop3-login", "managesieve-login")
    )
    sessions = sum(int(limits[name]["process_limit"]) for name in ("imap", "pop3", "managesieve", "lmtp"))
    for name in ("auth", "anvil", "stats"):
        assert int(limits[name]["client_limit"]) >= logins + sessions


def test_every_special_folder_is_made_and_marked(demo: Settings) -> None:
    found = re.findall(r"mailbox (\w+) \{\s+auto = subscribe\s+special_use = \\(\w+)", content(demo, "dovecot.conf"))
    assert found == [(name, name) for name in ("Drafts", "Sent", "Junk", "Trash", "Archive")]


def test_the_ledger_may_read_the_log(demo: Settings) -> None:
    written(demo)
    log = paths(demo).log("dovecot")
    assert (log.stat().st_mode & 0o777, log.group()) == (0o640, "mailcenter-ledger")


def test_nothing_listens_and_health_says_so(demo: Settings) -> None:
    health = ENGINE.health(demo.model_copy(update={"listen": demo.listen.model_copy(update={"imaps": 1})}))
    assert not health.ok
    assert "port 1" in health.detail


def test_sessions_of_one_account_and_address_are_bounded(demo: Settings) -> None:
    few = demo.model_copy(update={"sessions": demo.sessions.model_copy(update={"per_account_and_address": 3})})
    assert "\nmail_max_userip_connections = 3\n" in content(few, "dovecot.conf")


@pytest.mark.parametrize("imap", [100, 6000, 30000])
def test_every_service_holds_as_many_sessions_as_are_allowed(demo: Settings, imap: int) -> None:
    bounded = demo.model_copy(update={"sessions": demo.sessions.model_copy(update={"imap": imap})})
    limits: dict[str, dict[str, int]] = {}
    for name, body in re.findall(
        r"^service (\S+) \{\n(.*?)^\}", content(bounded, "dovecot.conf"), re.DOTALL | re.MULTILINE
    ):
        limits[name] = {key: int(value) for key, value in re.findall(r"^  (\w+_limit) = (\d+)$", body, re.MULTILINE)}
    assert limits["imap"]["process_limit"] == imap
    at_the_door = limits["imap-login"]["process_limit"] * limits["imap-login"]["client_limit"]
    assert at_the_door > imap
    assert all(limits[name]["client_limit"] > imap + at_the_door for name in ("anvil", "auth", "stats"))
