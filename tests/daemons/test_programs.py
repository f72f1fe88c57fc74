"""Mail programs from Debian, as users run them: they verify the certificate and get their work done."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from pathlib import Path

import pytest

from tests.harness.clients import OUTSIDE, Account, mail, send_from_outside, subjects, unique, wait_for_mail
from tests.harness.platform import Platform
from tests.harness.wait import until

SECONDS = 60


def run(*command: str, stdin: str = "", home: Path) -> str:
    """Run a program to its end with a home of its own, and give what it printed; fails when the program does."""
    done = subprocess.run(
        command,
        input=stdin,
        env={"HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "xterm"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, f"{command[0]} ended with {done.returncode}:\n{said}"
    return said


def delivered(platform: Platform, who: Account, subject: str) -> None:
    """Put a mail into a mailbox, from outside."""
    send_from_outside(platform, mail(subject, to=who.login), [who.login])
    wait_for_mail(platform, who, subject)


def test_swaks_submits_over_starttls(platform: Platform, alice: Account, bob: Account, tmp_path: Path) -> None:
    subject = unique("swaks")
    said = run(
        *("swaks", "--server", "localhost", "--port", str(platform.port("submission"))),
        *("--tls", "--tls-verify", "--tls-ca-path", str(platform.paths.ca_certificate)),
        *("--auth", "LOGIN", "--auth-user", alice.login, "--auth-password", alice.password),
        *("--from", alice.login, "--to", bob.login, "--header", f"Subject: {subject}"),
        home=tmp_path,
    )
    assert "TLS started with cipher TLSv1.3" in said
    wait_for_mail(platform, bob, subject)


def test_swaks_delivers_from_outside_over_tls(platform: Platform, alice: Account, tmp_path: Path) -> None:
    subject = unique("swaks from outside")
    run(
        *("swaks", "--server", "localhost", "--port", str(platform.port("smtp"))),
        *("--tls", "--tls-verify", "--tls-ca-path", str(platform.paths.ca_certificate)),
        *("--from", OUTSIDE, "--to", alice.login, "--header", f"Subject: {subject}"),
        home=tmp_path,
    )
    wait_for_mail(platform, alice, subject)


def test_mbsync_synchronises_both_ways(platform: Platform, alice: Account, tmp_path: Path) -> None:
    subject = unique("mbsync")
    delivered(platform, alice, subject)
    maildir = tmp_path / "mail"
    maildir.mkdir()
    (tmp_path / ".mbsyncrc").write_text(
        f"""\
IMAPStore far
Host localhost
Port {platform.port("imaps")}
SSLType IMAPS
SystemCertificates no
CertificateFile {platform.paths.ca_certificate}
User {alice.login}
Pass {alice.password}

MaildirStore near
Path {maildir}/
Inbox {maildir}/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns INBOX Archive
Create Both
Expunge None
SyncState *
"""
    )
    run("mbsync", "all", home=tmp_path)
    fetched = [path for path in maildir.glob("INBOX/*/*") if f"Subject: {subject}".encode() in path.read_bytes()]
    assert len(fetched) == 1
    filed = unique("filed at home")
    (maildir / "Archive" / "cur" / "1.home:2,S").write_text(f"Subject: {filed}\n\nhello\n")
    run("mbsync", "all", home=tmp_path)
    assert filed in subjects(platform, alice, "Archive")


def test_mbsync_does_not_trust_another_authority(platform: Platform, alice: Account, tmp_path: Path) -> None:
    (tmp_path / ".mbsyncrc").write_text(
        f"IMAPStore far\nHost localhost\nPort {platform.port('imaps')}\nSSLType IMAPS\nUser {alice.login}\nPass x\n"
        f"\nMaildirStore near\nPath {tmp_path}/\nInbox {tmp_path}/INBOX\n\nChannel all\nFar :far:\nNear :near:\n"
    )
    with pytest.raises(AssertionError, match="certificate"):
        run("mbsync", "all", home=tmp_path)


def test_mpop_fetches(platform: Platform, bob: Account, tmp_path: Path) -> None:
    subject = unique("mpop")
    delivered(platform, bob, subject)
    box = tmp_path / "inbox"
    config = tmp_path / ".mpoprc"
    config.write_text(
        f"""\
account default
host localhost
port {platform.port("pop3s")}
tls on
tls_starttls off
tls_trust_file {platform.paths.ca_certificate}
user {bob.login}
password {bob.password}
keep on
delivery mbox {box}
"""
    )
    config.chmod(0o600)
    run("mpop", home=tmp_path)
    assert f"Subject: {subject}\n".encode() in box.read_bytes()
    before = box.stat().st_size
    run("mpop", home=tmp_path)
    assert box.stat().st_size == before, "mails have lasting names, so none is fetched twice"


def neomutt_settings(platform: Platform, who: Account, home: Path) -> Path:
    """A configuration that reads by IMAP and sends by submission, and trusts our authority alone."""
    settings = home / "muttrc"
    settings.write_text(
        f"""\
set folder = "imaps://localhost:{platform.port("imaps")}/"
set spool_file = "+INBOX"
set imap_user = "{who.login}"
set imap_pass = "{who.password}"
set smtp_url = "smtps://{who.login}@localhost:{platform.port("submissions")}/"
set smtp_pass = "{who.password}"
set ssl_ca_certificates_file = "{platform.paths.ca_certificate}"
set certificate_file = "{home}/accepted"
set ssl_verify_host = yes
set ssl_force_tls = yes
set from = "{who.login}"
set use_from = yes
set envelope_from = yes
set hostname = "demo.example"
set copy = no
set confirm_append = no
set confirm_create = no
set quit = yes
set wait_key = no
set header_cache = ""
"""
    )
    return settings


def test_neomutt_sends(platform: Platform, alice: Account, bob: Account, tmp_path: Path) -> None:
    subject = unique("neomutt")
    settings = neomutt_settings(platform, alice, tmp_path)
    run("neomutt", "-F", str(settings), "-s", subject, "--", bob.login, stdin="hello\n", home=tmp_path)
    wait_for_mail(platform, bob, subject)


def test_neomutt_reads_and_copies(platform: Platform, bob: Account, tmp_path: Path) -> None:
    subject = unique("read me")
    delivered(platform, bob, subject)
    settings = neomutt_settings(platform, bob, tmp_path)
    kept = tmp_path / "kept"
    keys = f"<search>~s '{subject}'<enter><copy-message>{kept}<enter><exit>"
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(HOME=str(tmp_path), TERM="xterm", LC_ALL="C.UTF-8")
        os.execvp("neomutt", ["neomutt", "-F", str(settings), "-e", f'push "{keys}"'])  # noqa: S606 - a terminal program
    ended = _drain(terminal)
    os.waitpid(child, 0)
    until(kept.exists, f"the copied mail; neomutt showed: {ended[-500:]!r}", timeout=5)
    assert f"Subject: {subject}\n".encode() in kept.read_bytes()


def _drain(terminal: int) -> bytes:
    """Read what a program paints until it ends; kills nobody, but gives up after a while."""
    painted = b""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if select.select([terminal], [], [], 1)[0]:
            try:
                chunk = os.read(terminal, 4096)
            except OSError:  # EIO: the program has closed its terminal
                break
            if not chunk:
                break
            painted += chunk
    os.close(terminal)
    return painted
