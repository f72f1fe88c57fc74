"""The table of engines, walked whole."""

from __future__ import annotations

import sys
from pathlib import Path

from mailcenter.engines.table import ENGINES, programs
from mailcenter.settings.model import Settings

_ROOT = Path(__file__).parents[3]
_FOR_ALL = {"ca-certificates", "openssl", "python3", "python3-venv", "clamav"}
"""Needed by the installation itself, not by one engine."""


def test_each_engine_is_named_as_its_folder() -> None:
    names = [engine.name for engine in ENGINES]
    assert len(set(names)) == len(names)
    for engine in ENGINES:
        module = sys.modules[type(engine).__module__].__name__
        assert module.split(".")[2] == engine.name


def test_what_the_engines_need_is_what_is_installed() -> None:
    listed = set((_ROOT / "tools" / "packages.txt").read_text().split())
    needed = {package for engine in ENGINES for package in engine.packages}
    assert needed <= listed
    assert listed - needed <= _FOR_ALL


def test_the_programs_have_their_fixed_names(demo: Settings, server: Settings) -> None:
    fixed = {
        "postgres",
        "redis",
        "unbound",
        "clamd",
        "rspamd",
        "dovecot",
        "postfix",
        "nginx",
        "gate",
        "domains",
        "ledger",
        "notices",
        "training",
        "guard",
        "logins",
        "certificates",
        "center",
    }
    assert fixed <= {program.name for program in programs(demo)}
    assert "freshclam" in {program.name for program in programs(server)}
    assert "freshclam" not in {program.name for program in programs(demo)}


def test_only_what_must_start_as_root_does(demo: Settings) -> None:
    """Postfix and Dovecot and nginx have masters that drop rights themselves; `watch` asks all others, and
    `logrotate` renames their logs."""
    as_root = {program.name for program in programs(demo) if program.user == "root"}
    assert as_root <= {"postfix", "dovecot", "nginx", "logrotate", "watch"}
