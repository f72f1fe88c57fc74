"""The stand-in for sendmail: what it hands to Postfix, and what it answers Dovecot when that does not work."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailcenter.engines.dovecot import submit

MAIL = b"Subject: x\r\n\r\n.dot\r\n"


class Listener:
    """An SMTP server for one mail on a unix socket."""

    def __init__(self, path: Path, answer_to_rcpt: bytes = b"250 ok") -> None:
        self.lines: list[bytes] = []
        self._answer = answer_to_rcpt
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen(1)
        self._socket.settimeout(20)
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self) -> None:
        connection, _ = self._socket.accept()
        with self._socket, connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 here\r\n")
            in_mail = False
            for line in lines:
                self.lines.append(line)
                if in_mail:
                    in_mail = line != b".\r\n"
                    answer = b"" if in_mail else b"250 taken"
                elif line.lower().startswith(b"data"):
                    in_mail, answer = True, b"354 go on"
                else:
                    answer = self._answer if line.lower().startswith(b"rcpt") else b"250 ok"
                if answer:
                    connection.sendall(answer + b"\r\n")
                if line.lower().startswith(b"quit"):
                    return


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """Short enough for a unix socket, whatever pytest calls its directories."""
    before = Path.cwd()
    os.chdir(tmp_path)
    yield Path("s")
    os.chdir(before)


def run(path: Path, *arguments: str) -> int:
    command = [sys.executable, "-I", "-S", submit.__file__, str(path), *arguments]
    done = subprocess.run(command, input=MAIL, stderr=subprocess.PIPE, timeout=30, check=False)
    sys.stderr.write(done.stderr.decode())
    return done.returncode


def test_the_mail_goes_to_the_socket(path: Path) -> None:
    listener = Listener(path)
    code = run(path, "-i", "-f", "<me@demo.example>", "--", "a@remote.example", "b@remote.example")
    assert code == os.EX_OK, listener.lines
    listener.thread.join(20)
    commands = [line.strip().lower() for line in listener.lines]
    assert b"mail from:<me@demo.example>" in commands[1]
    assert [line for line in commands if line.startswith(b"rcpt")] == [
        b"rcpt to:<a@remote.example>",
        b"rcpt to:<b@remote.example>",
    ]
    assert listener.lines[-4:-1] == [b"\r\n", b"..dot\r\n", b".\r\n"]


def test_a_refusal_is_told_as_temporary(path: Path) -> None:
    listener = Listener(path, b"550 no")
    assert run(path, "-f", "", "--", "a@remote.example") == os.EX_TEMPFAIL
    listener.thread.join(20)


def test_nobody_listens(path: Path) -> None:
    assert run(path, "-f", "", "--", "a@remote.example") == os.EX_TEMPFAIL
