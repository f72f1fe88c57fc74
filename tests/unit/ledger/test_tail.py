"""A log file is read once, line by line, whatever rotation does to it, and goes on after a restart."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailcenter.serve.follower.mark import Mark
from mailcenter.serve.follower.tail import Tail

LIMIT = 4096


class Reader:
    """Reads a log as the daemon does; `restart` begins anew with the mark that was kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: list[str] = []
        self._mark: Mark | None = None
        self.tail = Tail("log", path)

    def read(self) -> list[str]:
        """Everything that is there; gives the new lines."""
        before = len(self.lines)
        for _ in range(100):
            chunk = self.tail.read(LIMIT)
            self.lines += chunk.lines
            self._mark = chunk.mark
            if chunk.drained:
                return self.lines[before:]
        raise AssertionError("never drained")

    def restart(self) -> None:
        self.tail.close()
        self.tail = Tail("log", self.path)
        self.tail.restore(self._mark, time.time())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "postfix.log"


@pytest.fixture
def reader(path: Path) -> Reader:
    return Reader(path)


def _write(path: Path, *lines: str, end: str = "\n") -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(f"{line}{end}" for line in lines))


def test_no_file_yet(reader: Reader) -> None:
    assert reader.read() == []
    _write(reader.path, "one")
    assert reader.read() == ["one"]


def test_an_unfinished_line_waits(reader: Reader) -> None:
    _write(reader.path, "one", "tw", end="\n")
    reader.path.write_text("one\ntw")
    assert reader.read() == ["one"]
    _write(reader.path, "o")
    assert reader.read() == ["two"]


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("times", [1, 2, 3])
def test_renamed(reader: Reader, path: Path, restart: bool, times: int) -> None:
    _write(path, "one")
    reader.read()
    for number in range(times):
        _write(path, f"late {number}")
        path.rename(path.with_name(f"postfix.log.{times - number}"))
        _write(path, f"new {number}")
    if restart:
        reader.restart()
    lines = reader.read()
    assert lines == [line for number in range(times) for line in (f"late {number}", f"new {number}")]
    reader.restart()
    assert reader.read() == []


def test_a_daemon_that_still_writes_to_the_renamed_file(reader: Reader, path: Path) -> None:
    _write(path, "one")
    reader.read()
    old = path.rename(path.with_name("postfix.log.1"))
    path.touch()
    _write(old, "two")
    assert reader.read() == ["two"]
    _write(old, "three")
    assert reader.read() == ["three"]
    _write(path, "four")
    assert reader.read() == ["four"]


@pytest.mark.parametrize("restart", [False, True])
def test_copied_and_truncated(reader: Reader, path: Path, restart: bool) -> None:
    _write(path, "one", "two")
    assert reader.read() == ["one", "two"]
    _write(path, "three")
    shutil.copy(path, path.with_name("postfix.log.1"))
    os.truncate(path, 0)
    if restart:
        reader.restart()
    assert reader.read() == ["three"]
    _write(path, "four, longer than all that was there before")
    assert reader.read() == ["four, longer than all that was there before"]


def test_truncated_and_grown_beyond_the_mark_before_anyone_looked(reader: Reader, path: Path) -> None:
    _write(path, "one")
    reader.read()
    os.truncate(path, 0)
    _write(path, "another line that is longer")
    assert reader.read() == ["another line that is longer"]


def test_gone(reader: Reader, path: Path) -> None:
    _write(path, "one")
    reader.read()
    path.unlink()
    reader.restart()
    assert reader.read() == []
    _write(path, "two")
    assert reader.read() == ["two"]
    assert "gone" in reader.tail.error


def test_an_older_file_that_was_read_is_not_read_again(reader: Reader, path: Path) -> None:
    _write(path, "one")
    reader.read()
    path.rename(path.with_name("postfix.log.1"))
    _write(path, "two")
    assert reader.read() == ["two"]
    path.unlink()
    _write(path, "three")
    assert reader.read() == ["three"]


def test_a_line_too_long_is_passed_over(reader: Reader, path: Path) -> None:
    _write(path, "x" * 3 * LIMIT, "one")
    assert reader.read()[-1] == "one"
    assert "longer than" in reader.tail.error


def test_bytes_that_are_no_text(reader: Reader, path: Path) -> None:
    path.write_bytes(b"a\xff\0b\n\n")
    assert reader.read() == ["a\ufffdb"]


def test_lag(reader: Reader, path: Path) -> None:
    _write(path, "one")
    assert reader.tail.lag() == 4
    reader.read()
    assert reader.tail.lag() == 0


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(st.sampled_from(["write", "half", "rename", "read", "restart"]), max_size=40))
def test_every_line_once_in_any_order_of_things(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    path = tmp_path_factory.mktemp("log") / "postfix.log"
    reader = Reader(path)
    written: list[str] = []
    half = ""
    rotated = 0
    for number, step in enumerate([*steps, "write", "read"]):
        if step == "write":
            written.append(f"{half}line {number}")
            _write(path, f"line {number}")
            half = ""
        elif step == "half":
            half += f"part {number} "
            _write(path, f"part {number} ", end="")
        elif step == "rename" and path.exists() and not half:
            rotated += 1
            old = path.rename(path.with_name(f"postfix.log.{rotated}"))
            os.utime(old, ns=(rotated * 10**9, rotated * 10**9 + time.time_ns() - 10**12))
        elif step == "read":
            reader.read()
        elif step == "restart":
            reader.restart()
    assert reader.lines == written
