"""The guard's process: both sockets, one event loop, and the watch for lockouts that have ended."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import uvicorn

from mailcenter.guard.figures import figures_of
from mailcenter.serve.gate.ports import UnavailableError
from mailcenter.serve.gate.redis import Redis
from mailcenter.serve.guard.app import App
from mailcenter.serve.guard.desk import Desk
from mailcenter.serve.guard.history import History
from mailcenter.serve.guard.memory import Memory
from mailcenter.settings.addresses import public_url
from mailcenter.settings.identities import GUARD_REDIS_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

LOOPBACK: Final = "127.0.0.1"
_REDIS_SECONDS: Final = 0.8  # Dovecot waits a second for an answer
_WATCH_SECONDS: Final = 1.0
_SOCKET_MODE: Final = 0o660

log = logging.getLogger("guard")


async def serve(settings: Settings, now: Callable[[], float] = time.time) -> None:
    """Until SIGTERM. `now` gives seconds of the Unix epoch: by it windows and lockouts are measured."""
    place = paths(settings)
    figures = figures_of(settings)
    redis = Redis(place.redis_socket, place.guard_redis_password, user=GUARD_REDIS_USER, timeout=_REDIS_SECONDS)
    history = History(settings)
    desk = Desk(Memory(redis, figures, now), figures, history, now)
    app = App(desk, place.guard_key.read_text("ascii").strip().encode(), f"{public_url(settings)}/locked")
    config = uvicorn.Config(
        app, http="h11", loop="none", lifespan="off", log_config=None, access_log=False, server_header=False
    )
    tasks = [asyncio.create_task(_watch(desk)), asyncio.create_task(history.run())]
    try:
        await uvicorn.Server(config).serve([_tcp(settings.guard.port), _unix(place.guard_socket)])
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await history.finish()
        await redis.close()


async def _watch(desk: Desk) -> None:
    while True:
        await asyncio.sleep(_WATCH_SECONDS)
        try:
            await desk.tell_ended()
        except UnavailableError as error:
            log.error("the end of lockouts is not seen: %s", error)


def _tcp(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((LOOPBACK, port))
    listening.listen()
    return listening


def _unix(path: Path) -> socket.socket:
    """For the group that the socket takes from its set-group-id folder: the center."""
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX)
    previous = os.umask(0o777 & ~_SOCKET_MODE)
    try:
        listening.bind(str(path))
    finally:
        os.umask(previous)
    listening.listen()
    return listening
