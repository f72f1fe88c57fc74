"""Starts the training daemon: `python -m mailcenter.run.training`, as Rspamd's user."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

from mailcenter.serve.training.daemon import Training
from mailcenter.settings.load import load


async def _train() -> None:
    training = Training(load())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, training.stop)
    await training.run()


def main() -> None:
    """Learn until SIGTERM."""
    logging.basicConfig(
        stream=sys.stdout,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S%z",
    )
    asyncio.run(_train())


if __name__ == "__main__":
    main()
