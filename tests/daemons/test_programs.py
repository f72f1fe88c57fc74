"""Mail programs from Debian, as users run them: they verify the certificate and get their work done."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.clients import OUTSIDE, Account, subjects, unique, wait_for_mail
from tests.harness.platform import Platform
from tests.harness.programs import delivered, run


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
