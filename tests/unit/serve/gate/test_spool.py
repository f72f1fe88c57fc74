"""The spool: whole lines or none, files handed over when full, old or left behind."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from mailcenter.ledger.record import TransactionRecord
from mailcenter.serve.gate import spool as module
from mailcenter.serve.gate.ports import UnavailableError
from mailcenter.serve.gate.spool import Spool, hand_over_leftovers
from tests.unit.serve.gate.world import START


def record(reference: str = "0000000000000") -> TransactionRecord:
    return TransactionRecord(
        reference=reference,
        node="node1",
        started_at=START,
        ended_at=START,
        service="mx",
        client_address="192.0.2.1",
        client_name="",
        helo="",
        verdict="accept",
        stage="eom",
        code=250,
        enhanced="2.0.0",
        reply="ok",
    )


def lines(path: Path) -> list[str]:
    return [TransactionRecord.from_line(line).reference for line in path.read_bytes().splitlines()]


def test_appends_and_hands_over(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "node1")
    spool.finish()
    for number in range(3):
        spool.write(record(f"00000000000{number:02}"))
    (path,) = tmp_path.iterdir()
    assert path.name.startswith(f"node1.{os.getpid()}.")
    assert path.name.endswith(".open.jsonl")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert lines(path) == ["0000000000000", "0000000000001", "0000000000002"]
    spool.finish()
    (done,) = tmp_path.iterdir()
    assert done.name == path.name.replace(".open.jsonl", ".jsonl")
    spool.write(record())
    assert len(list(tmp_path.iterdir())) == 2


def test_full_file_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FULL_AT", 1000)
    spool = Spool(tmp_path, "node1")
    for _ in range(6):
        spool.write(record())
    done = [path for path in tmp_path.iterdir() if ".open." not in path.name]
    assert len(done) >= 2
    assert all(path.stat().st_size >= 1000 for path in done)


def test_old_file_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(tmp_path, "node1")
    spool.finish_old()
    spool.write(record())
    spool.finish_old()
    assert [path for path in tmp_path.iterdir() if ".open." in path.name]
    monkeypatch.setattr(module, "OLD_AT", 0.0)
    spool.finish_old()
    assert not [path for path in tmp_path.iterdir() if ".open." in path.name]


def test_torn_write_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(tmp_path, "node1")
    spool.write(record("0000000000001"))
    whole = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda file, data: whole(file, data[:20]))
        with pytest.raises(UnavailableError, match="spool"):
            spool.write(record("0000000000002"))
    spool.write(record("0000000000003"))
    (path,) = tmp_path.iterdir()
    assert lines(path) == ["0000000000001", "0000000000003"]


def test_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    spool = Spool(tmp_path, "node1")
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(UnavailableError, match="No space left"):
            spool.write(record())
    spool.write(record())


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="spool"):
        Spool(tmp_path / "none", "node1").write(record())


def test_leftovers_of_dead_processes(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    names = [f"node1.{dead.pid}.1.open.jsonl", f"node1.{os.getpid()}.2.open.jsonl", f"node2.{dead.pid}.3.open.jsonl"]
    for name in [*names, "node1.x.4.open.jsonl"]:
        (tmp_path / name).write_text("x")
    hand_over_leftovers(tmp_path, "node1")
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {f"node1.{dead.pid}.1.jsonl", *names[1:], "node1.x.4.open.jsonl"}
    hand_over_leftovers(tmp_path, "node1", os.getpid())
    assert f"node1.{os.getpid()}.2.jsonl" in {path.name for path in tmp_path.iterdir()}
