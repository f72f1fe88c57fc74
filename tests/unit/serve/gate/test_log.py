"""The gate's log: at once, or several lines together; an error never waits."""

from __future__ import annotations

import logging

import pytest

from mailcenter.serve.gate.log import LogHandler


def line(level: int, text: str) -> logging.LogRecord:
    return logging.LogRecord("gate", level, "", 0, text, None, None)


def test_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    LogHandler().emit(line(logging.INFO, "one"))
    assert capsys.readouterr().out.endswith(" INFO one\n")


def test_gathered(capsys: pytest.CaptureFixture[str]) -> None:
    handler = LogHandler()
    handler.collect()
    handler.emit(line(logging.INFO, "one"))
    handler.emit(line(logging.WARNING, "two"))
    assert capsys.readouterr().out == ""
    handler.flush()
    assert [text.split(" ", 1)[1] for text in capsys.readouterr().out.splitlines()] == ["INFO one", "WARNING two"]
    handler.flush()
    assert capsys.readouterr().out == ""


def test_an_error_takes_the_others_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    handler = LogHandler()
    handler.collect()
    handler.emit(line(logging.INFO, "one"))
    handler.emit(line(logging.ERROR, "two"))
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_many_do_not_wait(capsys: pytest.CaptureFixture[str]) -> None:
    handler = LogHandler()
    handler.collect()
    for number in range(501):
        handler.emit(line(logging.INFO, str(number)))
    assert len(capsys.readouterr().out.splitlines()) == 500


def test_the_time_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    handler = LogHandler()
    for created in (0.2, 0.9, 1.0):
        record = line(logging.INFO, "x")
        record.created = created
        handler.emit(record)
    first, second, third = capsys.readouterr().out.splitlines()
    assert first == second
    assert first != third
