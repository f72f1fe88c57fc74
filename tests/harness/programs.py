"""Run mail programs as a user would, each with a home of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.harness.clients import Account, mail, send_from_outside, wait_for_mail
from tests.harness.platform import Platform

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
