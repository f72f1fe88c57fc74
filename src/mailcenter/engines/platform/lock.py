"""Only one `up` or `down` of a state at a time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from mailcenter.engines.base import EngineError
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Hold the state's lock while the block runs.

    Raises:
        EngineError: another process holds it.
    """
    directory = paths(settings).run("supervisor")
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EngineError(
                "another `mailcenter up` or `down` of this state is at work", "wait for its end"
            ) from None
        yield
