"""Starts the bans daemon: `python -m mailcenter.run.bans`, as the gate's user."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

import uvloop

from mailcenter.serve.bans.daemon import Keeper
from mailcenter.settings.load import load


async def _keep() -> None:
    keeper = Keeper(load())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, keeper.stop)
    await keeper.run()


def main() -> None:
    """Keep the bans until SIGTERM; a line for each beginning and end goes to standard output."""
    logging.basicConfig(
        stream=sys.stdout,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S%z",
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_keep())


if __name__ == "__main__":
    main()
