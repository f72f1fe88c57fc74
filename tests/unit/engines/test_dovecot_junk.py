"""The script that treats suspicious mail, run by Pigeonhole's own tester with what the directory would say."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mailcenter.engines.dovecot import ENGINE
from mailcenter.settings.model import Settings

MAIL = "From: a@b.example\nTo: c@d.example\nSubject: hello\n"
JUNK = "store message in folder: Junk"
INBOX = "store message in folder: INBOX"


@pytest.fixture
def script(demo: Settings, state: Path) -> Path:
    """The script as `up` renders it, beside a configuration with what Dovecot's says for it."""
    rendered = {file.path.name: file.content for file in ENGINE.render(demo)}
    folder = state / "sieve"
    folder.mkdir()
    folder.chmod(0o777)  # the tester gives up root's rights
    wanted = ("sieve_env_", "sieve_global_extensions")
    lines = [line for line in rendered["dovecot.conf"].splitlines() if line.strip().startswith(wanted)]
    plugin = "\n".join(lines).replace("sieve_global_extensions", "sieve_extensions")  # to the tester none is global
    config = (
        f"mail_location = maildir:{folder}/mail\nmail_uid = nobody\nmail_gid = nogroup\nfirst_valid_gid = 1\n"
        f"first_valid_uid = 1\nplugin {{\n{plugin}\n}}\n"
    )
    (folder / "test.conf").write_text(config)
    path = folder / "junk.sieve"
    path.write_text(rendered["junk.sieve"])
    return path


def done(script: Path, *fields: str, wishes: dict[str, str] | None = None, execute: bool = False) -> str:
    """What the script does with a mail that bears these fields too; `wishes` are the mailbox's own."""
    mail = script.with_name("mail.eml")
    mail.write_text("".join(f"{field}\n" for field in fields) + f"{MAIL}\nbody\n")
    options = [part for name, value in (wishes or {}).items() for part in ("-o", f"plugin/sieve_env_{name}={value}")]
    folder = script.parent
    if execute:
        options += ["-e", "-l", f"maildir:{folder}/mail"]
    ended = subprocess.run(
        ["/usr/bin/sieve-test", "-c", str(folder / "test.conf"), *options, str(script), str(mail)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin"},
    )
    return ended.stdout


@pytest.mark.parametrize(
    ("score", "wishes", "place"),
    [
        ("0", {}, INBOX),
        ("59", {}, INBOX),
        ("60", {}, JUNK),
        ("105", {}, JUNK),
        ("30", {"junk_tenths": "30"}, JUNK),
        ("60", {"junk_tenths": "80"}, INBOX),
        ("60", {"spam_action": "nothing"}, INBOX),
        ("90", {"spam_action": "nothing"}, JUNK),
        ("90", {"spam_action": "forward", "spam_forward_to": "x@y.example"}, JUNK),
        ("50", {"refuse_tenths": "50"}, JUNK),
        ("60", {"spam_action": "forward"}, JUNK),
    ],
)
def test_by_score(script: Path, score: str, wishes: dict[str, str], place: str) -> None:
    assert place in done(script, f"X-Mailcenter-Score: {score}", wishes=wishes)


@pytest.mark.parametrize(
    ("field", "score", "place"),
    [
        ("X-Mailcenter-Quarantine: dmarc", "0", JUNK),
        ("X-Mailcenter-Denied: .4.17.", "0", JUNK),
        ("X-Mailcenter-Denied: .4.170.", "0", INBOX),
        ("X-Mailcenter-Allowed: .17.", "200", INBOX),
        ("X-Mailcenter-Allowed: .1.7.", "200", JUNK),
    ],
)
def test_lists_and_quarantine(script: Path, field: str, score: str, place: str) -> None:
    assert place in done(script, field, f"X-Mailcenter-Score: {score}", wishes={"mailbox_id": "17"})


def test_without_a_mailbox_id_no_list_is_his(script: Path) -> None:
    assert INBOX in done(script, "X-Mailcenter-Denied: .17.", "X-Mailcenter-Score: 0")


def test_forward_keeps_nothing(script: Path) -> None:
    wishes = {"spam_action": "forward", "spam_forward_to": "x@y.example"}
    said = done(script, "X-Mailcenter-Score: 60", wishes=wishes)
    assert "redirect message to: <x@y.example>" in said
    assert "store message" not in said
    assert INBOX in done(script, "X-Mailcenter-Score: 59", wishes=wishes)


def test_mark_changes_the_subject_once(script: Path) -> None:
    for _ in range(2):
        done(script, "X-Mailcenter-Score: 60", wishes={"spam_action": "mark"}, execute=True)
    kept = [file.read_text() for file in (script.parent / "mail" / "new").iterdir()]
    assert [mail.count("Subject: [Spam] hello\n") for mail in kept] == [1, 1]
    assert [mail.count("Subject:") for mail in kept] == [1, 1]
