"""Moves into and out of Junk, done over IMAP, teach Rspamd; whatever becomes of that, the move is done."""

from __future__ import annotations

import imaplib
import json
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from tests.harness.clients import Account, mail, mailbox, new_mailbox, subjects, unique
from tests.harness.platform import Platform
from tests.harness.wait import until

WORDS = [secrets.token_hex(4) for _ in range(400)]


def learned(platform: Platform) -> dict[str, int]:
    """How many messages Bayes has learned, by class, where Rspamd keeps it: its own figures are a minute late."""
    redis = ["redis-cli", "-s", str(platform.paths.redis_socket)]
    found = {}
    for kind in ("spam", "ham"):
        command = [*redis, "HGET", f"BAYES_{kind.upper()}", "learns"]
        found[kind] = int(
            subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout.strip() or 0
        )
    return found


@pytest.fixture
def reader(platform: Platform) -> Account:
    return new_mailbox(platform, f"trainer-{secrets.token_hex(4)}@demo.example")


def put(imap: imaplib.IMAP4, folder: str) -> str:
    """A mail of many words, straight into a folder; its subject."""
    subject = unique("training")
    words = secrets.SystemRandom().sample(WORDS, 60)
    message = mail(subject, body=" ".join(f"word{secrets.token_hex(3)} {word}" for word in words) + "\r\n")
    answer, _ = imap.append(folder, "", imaplib.Time2Internaldate(time.time()), message.as_bytes())
    assert answer == "OK"
    return subject


def move(imap: imaplib.IMAP4, folder: str, target: str, how: str) -> None:
    """All mails of a folder, by MOVE (RFC 6851) or in the old way."""
    imap.select(folder)
    if how == "MOVE":
        answer, _ = imap._simple_command("MOVE", "1:*", target)  # imaplib has no name for it
        assert answer == "OK"
    else:
        assert imap.copy("1:*", target)[0] == "OK"
        imap.store("1:*", "+FLAGS", r"(\Deleted)")
        imap.expunge()
    imap.unselect()


def restarted(platform: Platform, name: str) -> psutil.Process:
    engines = json.loads(platform.mailcenter("status", "--json", check=False).stdout)["engines"]
    (process,) = next(engine["processes"] for engine in engines if engine["name"] == name)
    return psutil.Process(process["pid"])


@pytest.mark.parametrize("how", ["MOVE", "COPY and EXPUNGE"])
def test_into_junk_is_spam_and_out_of_it_is_ham(platform: Platform, reader: Account, how: str) -> None:
    before = learned(platform)
    with mailbox(platform, reader) as imap:
        put(imap, "INBOX")
        move(imap, "INBOX", "Junk", how)
    until(lambda: learned(platform)["spam"] > before["spam"], "spam to be learned")
    before = learned(platform)
    with mailbox(platform, reader) as imap:
        put(imap, "Junk")
        move(imap, "Junk", "INBOX", how)
    until(lambda: learned(platform)["ham"] > before["ham"], "ham to be learned")
    assert len(subjects(platform, reader, "INBOX")) == 2


def test_thrown_away_or_put_there_by_a_program_teaches_nothing(platform: Platform, reader: Account) -> None:
    before = learned(platform)
    with mailbox(platform, reader) as imap:
        put(imap, "Junk")
        move(imap, "Junk", "Trash", "MOVE")
        put(imap, "INBOX")
        move(imap, "INBOX", "Archive", "MOVE")
        put(imap, "INBOX")
        move(imap, "INBOX", "Junk", "MOVE")  # learned after all others would have been
    until(lambda: learned(platform)["spam"] > before["spam"], "the last move to be learned")
    assert learned(platform) == before | {"spam": before["spam"] + 1}


def test_while_rspamd_is_away_moves_are_kept(platform: Platform, reader: Account) -> None:
    before = learned(platform)
    rspamd = restarted(platform, "rspamd")
    rspamd.suspend()
    controllers = [child for child in rspamd.children() if "controller" in " ".join(child.cmdline())]
    for child in controllers:
        child.suspend()
    try:
        with mailbox(platform, reader) as imap:
            subject = put(imap, "INBOX")
            move(imap, "INBOX", "Junk", "MOVE")
        assert subjects(platform, reader, "Junk") == [subject]
        os.kill(restarted(platform, "training").pid, signal.SIGKILL)
    finally:
        for process in (*controllers, rspamd):
            process.resume()
    until(lambda: learned(platform)["spam"] > before["spam"], "the kept move to be learned", timeout=90)


def test_without_the_training_daemon_moves_go_on(platform: Platform, reader: Account) -> None:
    with halted(restarted(platform, "training")), mailbox(platform, reader) as imap:
        subject = put(imap, "INBOX")
        move(imap, "INBOX", "Junk", "MOVE")
        assert subjects(platform, reader, "Junk") == [subject]


@contextmanager
def halted(process: psutil.Process) -> Iterator[None]:
    process.suspend()
    try:
        yield
    finally:
        process.resume()


def test_only_mail_processes_reach_it(platform: Platform) -> None:
    for kind in ("spam", "ham"):
        path = platform.paths.training_socket(kind)
        assert path.group() == "mailcenter-mail"
        assert path.stat().st_mode & 0o007 == 0
    assert platform.paths.data("training").stat().st_mode & 0o077 == 0
