"""A Redis of a test's own, with the platform's users, on a unix socket."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from mailcenter.engines.redis import users
from tests.harness.wait import until

PASSWORD = "a test's own"


@contextmanager
def running_redis(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Gives the socket and the file that holds the password of gate and guard."""
    socket, password = folder / "redis.sock", folder / "password"
    password.write_text(f"{PASSWORD}\n")
    (folder / "users.acl").write_text(users(*[sha256(PASSWORD.encode()).hexdigest()] * 2))
    options = ("--port", "0", "--unixsocket", str(socket), "--aclfile", str(folder / "users.acl"), "--save", "")
    server = subprocess.Popen(
        ["/usr/bin/redis-server", *options, "--dir", str(folder), "--databases", "2"], stdout=subprocess.DEVNULL
    )
    try:
        until(socket.is_socket, "Redis to listen")
        yield socket, password
    finally:
        server.terminate()
        server.wait(20)
