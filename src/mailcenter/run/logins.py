"""Starts the logins daemon: `python -m mailcenter.run.logins`, as user mailcenter-logins."""

from __future__ import annotations

import asyncio
import contextlib
import signal

import uvloop

from mailcenter.run.daemon import log_to_output
from mailcenter.serve.logins.daemon import Logins
from mailcenter.settings.load import load


async def _serve() -> None:
    serving = asyncio.ensure_future(Logins(load()).serve())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, serving.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await serving


def main() -> None:
    """Answer logins until SIGTERM; faults go to standard output, passwords nowhere."""
    log_to_output()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve())


if __name__ == "__main__":
    main()
