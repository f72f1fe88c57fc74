"""Files and directories on disk."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from mailcenter.engines.base import Directory, EngineError, RenderedFile
from mailcenter.engines.write import differs, ensure_directory, write_file


def test_a_file_is_written_once(tmp_path: Path) -> None:
    wanted = RenderedFile(tmp_path / "new" / "file", "content\n", mode=0o640, group="www-data")
    assert differs(wanted) == "missing"
    assert write_file(wanted)
    first = wanted.path.stat()
    assert not write_file(wanted)
    assert wanted.path.stat().st_ino == first.st_ino
    assert stat.S_IMODE(first.st_mode) == 0o640
    assert wanted.path.group() == "www-data"
    assert [entry.name for entry in wanted.path.parent.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("spoil", "difference"),
    [
        (lambda path: path.write_text("by hand"), "content"),
        (lambda path: path.chmod(0o666), "mode"),
        (lambda path: path.unlink(), "missing"),
    ],
    ids=["content", "mode", "missing"],
)
def test_what_was_spoiled_is_named_and_mended(tmp_path: Path, spoil: object, difference: str) -> None:
    wanted = RenderedFile(tmp_path / "file", "content\n")
    write_file(wanted)
    assert callable(spoil)
    spoil(wanted.path)
    assert differs(wanted) == difference
    assert write_file(wanted)
    assert differs(wanted) == ""


def test_an_unknown_user_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no user 'nobody-of-ours'") as caught:
        write_file(RenderedFile(tmp_path / "file", "", owner="nobody-of-ours"))
    assert "tools/install" in caught.value.remedy
    assert not list(tmp_path.iterdir())


def test_a_directory_gets_its_rights(tmp_path: Path) -> None:
    wanted = Directory(tmp_path / "a" / "b", mode=0o2750, owner="www-data", group="postfix")
    assert ensure_directory(wanted)
    assert stat.S_IMODE(wanted.path.stat().st_mode) == 0o2750
    assert (wanted.path.owner(), wanted.path.group()) == ("www-data", "postfix")
    assert not ensure_directory(wanted)
    wanted.path.chmod(0o777)
    assert ensure_directory(wanted)
    assert stat.S_IMODE(wanted.path.stat().st_mode) == 0o2750
