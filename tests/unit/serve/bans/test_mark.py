"""The mark before postscreen's lists: made where it is missing or none, left alone where it is in order."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from mailcenter.serve.bans.mark import Mark


@pytest.fixture
def table(tmp_path: Path) -> Path:
    (tmp_path / "main.cf").touch()
    return tmp_path / "changed.db"


def is_empty_table(table: Path) -> bool:
    command = ["postmap", "-c", str(table.parent), "-s", f"hash:{table.with_suffix('')}"]
    return not subprocess.run(command, capture_output=True, check=True).stdout


def rubbish(table: Path) -> None:
    table.write_bytes(b"rubbish" * 2000)


def test_it_is_left_alone_where_it_is_in_order(table: Path) -> None:
    Mark(table, table.parent).keep()
    before = table.stat().st_ino
    mark = Mark(table, table.parent)  # a daemon that began anew
    mark.keep()
    os.utime(table)
    mark.keep()
    assert (mark.made, table.stat().st_ino) == (0, before)


@pytest.mark.parametrize("harm", [Path.unlink, rubbish])
@pytest.mark.parametrize("ours", [True, False])
def test_it_is_made_anew_where_it_is_lost(table: Path, harm: Callable[[Path], None], ours: bool) -> None:
    """Whether it is lost while the daemon runs, or was when it began."""
    mark = Mark(table, table.parent)
    mark.keep()
    before = mark.made
    harm(table)
    if not ours:
        mark = Mark(table, table.parent)
    mark.keep()
    assert mark.made > before
    assert is_empty_table(table)
    assert table.stat().st_mode & 0o777 == 0o644
    assert {path.name for path in table.parent.iterdir()} == {"main.cf", "changed.db"}


def test_what_cannot_be_made_is_told_and_tried_again(table: Path) -> None:
    mark = Mark(table, table.parent)
    (table.parent / "main.cf").unlink()
    with pytest.raises(OSError, match=r"main\.cf"):
        mark.keep()
    (table.parent / "main.cf").touch()
    mark.keep()
    assert is_empty_table(table)
