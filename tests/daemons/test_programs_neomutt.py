"""NeoMutt sends by submission and reads by IMAP, on a terminal of its own; it trusts our authority alone."""

from __future__ import annotations

import os
import pty
import select
import time
from pathlib import Path

from tests.harness.clients import Account, unique, wait_for_mail
from tests.harness.platform import Platform
from tests.harness.programs import SECONDS, delivered, run
from tests.harness.wait import until


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
