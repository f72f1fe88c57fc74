"""The platform's parts: their processes, halted or killed, and what `mailcenter status` says of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil

from tests.harness.platform import Platform
from tests.harness.wait import until


def status(platform: Platform, engine: str) -> dict[str, Any]:
    """As `mailcenter status` shows it, whatever its exit code."""
    engines = json.loads(platform.mailcenter("status", "--json", check=False).stdout)["engines"]
    found: dict[str, Any] = next(each for each in engines if each["name"] == engine)
    return found


def family(platform: Platform, engine: str) -> list[psutil.Process]:
    """The processes of a daemon, its main process first."""
    main = psutil.Process(status(platform, engine)["processes"][0]["pid"])
    return [main, *main.children(recursive=True)]


@contextmanager
def stopped(processes: list[psutil.Process]) -> Iterator[None]:
    """Halted (SIGSTOP), and going on afterwards if they still live."""
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            if process.is_running():
                process.resume()


def healthy(platform: Platform, engine: str) -> bool:
    return bool(status(platform, engine)["healthy"])


@contextmanager
def postfix_beginning_anew(platform: Platform) -> Iterator[None]:
    """Waits for what the watch does after a restart of PostgreSQL within the block.

    Until then a process of Postfix may remember that it could not look an address up.
    """
    log = platform.paths.log("postfix")
    before = log.stat().st_size
    yield
    until(lambda: b" reload -- version" in log.read_bytes()[before:], "Postfix to begin anew", timeout=120)
