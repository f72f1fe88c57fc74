"""A bench ends with a line, its systems stopped and its directories gone."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import pytest
import typer
from bench.opening import own_directory, own_systems
from bench.stack import StackError


@pytest.mark.parametrize("error", [StackError("no answer"), KeyError("x")])
def test_a_failure_leaves_nothing_behind(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    said: list[str] = []
    ended: list[bool] = []
    roots: list[Path] = []

    def fail(stack: ExitStack) -> None:
        roots.append(own_directory(stack, "test"))
        stack.callback(lambda: ended.append(roots[0].is_dir()))
        raise error

    with pytest.raises(typer.Exit) as caught, own_systems(said.append, KeyError) as stack:
        fail(stack)
    assert caught.value.exit_code == 1
    assert said == [f"error: {error}"]
    assert ended == [True], "stopped before its directory goes"
    assert not roots[0].exists()


def test_a_fault_of_the_bench_is_no_failure_of_a_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    said: list[str] = []
    with pytest.raises(KeyError), own_systems(said.append):
        raise KeyError
    assert said == []


def test_only_as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    said: list[str] = []
    with pytest.raises(typer.Exit), own_systems(said.append):
        said.append("begun")
    assert said == ["error: mail systems are started as root"]
