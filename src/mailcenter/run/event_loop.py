"""How our own daemons run that have an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

import uvloop

from mailcenter.run.daemon import STOPPING


class LoopDaemon(Protocol):
    """`stop` may be called at any time."""

    async def run(self) -> None: ...

    def stop(self) -> None: ...


def run_in_loop_until_stopped(make: Callable[[], LoopDaemon]) -> None:
    """Run in an event loop, in which `make` is called as well."""

    async def serve() -> None:
        daemon = make()
        for number in STOPPING:
            asyncio.get_running_loop().add_signal_handler(number, daemon.stop)
        await daemon.run()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())
