"""Starts the ledger daemon: `python -m mailcenter.run.ledger`, as user mailcenter-ledger."""

from __future__ import annotations

import asyncio
import signal

import uvloop

from mailcenter.serve.follower.daemon import Follower
from mailcenter.settings.load import load


async def _follow() -> None:
    follower = Follower(load())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, follower.stop)
    await follower.run()


def main() -> None:
    """Follow until SIGTERM."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_follow())


if __name__ == "__main__":
    main()
