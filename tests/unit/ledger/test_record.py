"""The line between gate and ledger."""

from __future__ import annotations

import json

import pytest

from mailcenter.ledger.record import TransactionRecord
from tests.database.ledger.traffic import mails


def test_there_and_back() -> None:
    record = mails(1)[0].record(subject="Größe\n\u2028\ud800", score=None)
    line = record.to_line()
    assert line.endswith(b"\n")
    assert len(line.splitlines()) == 1
    assert TransactionRecord.from_line(line) == record


def test_a_newer_gate_may_say_more() -> None:
    record = mails(1)[0].record()
    values = json.loads(record.to_line())
    values["later"] = 1
    values["recipients"][0]["later"] = 1
    assert TransactionRecord.from_line(json.dumps(values).encode()) == record


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"{}",
        b"[]",
        b"1",
        b'"x"',
        b"null",
        b'{"started_at": 1}',
        b"\xff",
        mails(1)[0].record().to_line()[:99],
    ],
)
def test_torn_or_foreign_lines(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        TransactionRecord.from_line(line)
