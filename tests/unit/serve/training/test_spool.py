"""Messages that wait to be learned: in their order, bounded, and still there after a restart."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from mailcenter.serve.training.spool import OLDEST, FullError, Spool


def taken(spool: Spool) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for path, kind, message in spool.take():
        found.append((kind, message))
        spool.done(path)
    return found


def test_in_their_order_and_once(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.add("spam", b"one")
    spool.add("ham", b"two")
    assert spool.waiting() == 2
    assert taken(spool) == [("spam", b"one"), ("ham", b"two")]
    assert (spool.waiting(), taken(spool)) == (0, [])


def test_a_restart_keeps_whole_messages_only(tmp_path: Path) -> None:
    Spool(tmp_path).add("spam", b"one")
    (tmp_path / "1.new").write_bytes(b"to")
    again = Spool(tmp_path)
    assert again.waiting() == 1
    assert taken(again) == [("spam", b"one")]
    assert list(tmp_path.iterdir()) == []


def test_bounded_in_number_and_size(tmp_path: Path) -> None:
    spool = Spool(tmp_path, most_files=2, most_bytes=10)
    spool.add("spam", b"12345")
    with pytest.raises(FullError):
        spool.add("spam", b"123456")
    spool.add("spam", b"1")
    with pytest.raises(FullError):
        spool.add("spam", b"1")
    assert len(taken(spool)) == 2
    spool.add("spam", b"1234567890")


def test_what_is_too_old_is_given_up(tmp_path: Path) -> None:
    (tmp_path / f"{int((time.time() - OLDEST - 60) * 1e9)}.spam").write_bytes(b"old")
    spool = Spool(tmp_path)
    assert taken(spool) == []
    assert spool.waiting() == 0
