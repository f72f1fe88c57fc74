"""A command as a virus scanner: what its exit code and its words mean, and that it never runs on."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from mailcenter.serve.gate.command_scanner import CommandScanner
from mailcenter.serve.gate.ports import UnavailableError
from tests.unit.attachments.samples import attached

CLAM = r"^\S+: (.+) FOUND$"


def scanner(folder: Path, script: str, *arguments: str, **options: Any) -> CommandScanner:
    values: dict[str, Any] = {
        "clean": [0],
        "infected": [1],
        "pattern": "",
        "concurrency": 2,
        "timeout": 20.0,
        "folder": folder,
    }
    return CommandScanner("second", ["/bin/sh", "-c", script, "sh", *arguments], **(values | options))


def scan(found: CommandScanner, *pieces: bytes) -> tuple[str, ...]:
    return asyncio.run(found.scan(iter(pieces)))


@pytest.mark.parametrize(
    ("script", "pattern", "said"),
    [
        ("exit 0", "", ()),
        ("exit 1", "", ("second",)),
        ("echo stdin: Eicar-Test FOUND; exit 1", CLAM, ("Eicar-Test",)),
        ("echo stdin: OK; exit 0", CLAM, ()),
        ("echo a: One FOUND; echo a: Two FOUND; echo a: One FOUND; exit 1", CLAM, ("One", "Two")),
        ("echo Rule_1 /tmp/x; exit 0", r"^(\S+) /", ("Rule_1",)),
        ("echo nothing that fits; exit 1", CLAM, ("second",)),
        ("printf 'a: \\303\\244\\001b FOUND\\n'; exit 1", CLAM, ("?b",)),
        (
            "i=0; while [ $i -lt 100 ]; do echo a: N$i FOUND; i=$((i+1)); done",
            CLAM,
            tuple(f"N{number}" for number in range(10)),
        ),
    ],
)
def test_verdicts(tmp_path: Path, script: str, pattern: str, said: tuple[str, ...]) -> None:
    assert scan(scanner(tmp_path, script, pattern=pattern), b"x") == said


def test_the_message_comes_on_stdin(tmp_path: Path) -> None:
    assert scan(scanner(tmp_path, "cat; exit 1", pattern=r"(se\w+)"), b"Subject: ", b"secret", b"\r\n") == ("secret",)


def test_or_in_a_file_that_is_gone_afterwards(tmp_path: Path) -> None:
    assert scan(scanner(tmp_path, 'cat "$1"', "{file}", pattern=r"(se\w+)"), b"secret\r\n") == ("secret",)
    assert list(tmp_path.iterdir()) == []


def test_or_in_a_folder_with_its_decoded_parts(tmp_path: Path) -> None:
    found = scanner(tmp_path, 'cat "$1"/part-*', "{parts}", pattern=r"(sec\w+)")
    assert scan(found, attached(b"secret words", "a.bin")) == ("secret",)
    assert list(tmp_path.iterdir()) == []


def test_much_is_given_and_much_is_said(tmp_path: Path) -> None:
    megabyte = b"x" * 2**20
    assert scan(scanner(tmp_path, "cat; exit 0"), *(megabyte for _ in range(8))) == ()
    assert scan(scanner(tmp_path, "exit 0"), *(megabyte for _ in range(8))) == ()


@pytest.mark.parametrize(
    ("script", "told"), [("exit 2", "code 2"), ("kill -9 $$", "code -9"), ("echo broken; exit 40", "broken")]
)
def test_any_other_end_is_no_verdict(tmp_path: Path, script: str, told: str) -> None:
    with pytest.raises(UnavailableError, match=told):
        scan(scanner(tmp_path, script), b"x")


def test_a_missing_program(tmp_path: Path) -> None:
    found = CommandScanner(
        "gone", ["/nowhere"], clean=[0], infected=[1], pattern="", concurrency=1, timeout=5, folder=tmp_path
    )
    with pytest.raises(UnavailableError, match="gone: cannot be run"):
        scan(found, b"x")


def test_one_that_hangs_is_killed_with_its_children(tmp_path: Path) -> None:
    started = time.monotonic()
    pid = tmp_path / "pid"
    with pytest.raises(UnavailableError, match="no verdict in 1 s"):
        scan(scanner(tmp_path, f"sleep 600 & echo $! > {pid}; wait", timeout=1.0), b"x")
    assert time.monotonic() - started < 60
    assert not Path(f"/proc/{pid.read_text().strip()}/cmdline").exists() or not _command(pid)


def _command(pid: Path) -> bytes:
    """Empty for a zombie that its new parent has not looked at yet."""
    try:
        return Path(f"/proc/{pid.read_text().strip()}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


def test_never_more_at_once_than_allowed(tmp_path: Path) -> None:
    async def run() -> None:
        script = f"mkdir {tmp_path}/only || exit 5; sleep 0.05; rmdir {tmp_path}/only"
        found = scanner(tmp_path, script, concurrency=1)
        assert await asyncio.gather(*(found.scan(iter((b"x",))) for _ in range(4))) == [()] * 4

    asyncio.run(run())
