"""Free ports on loopback for a platform of a test's own."""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack


def free_ports(count: int) -> list[int]:
    """`count` different TCP ports that nobody listens on, UDP free as well, below the range of outgoing connections."""
    found: list[int] = []
    with ExitStack() as held:
        # Several test runs on one machine begin at different places, so that they do not find the same ports free.
        for port in range(20000 + os.getpid() % 500 * 20, 32000):
            if len(found) == count:
                break
            tcp = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            udp = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            try:
                tcp.bind(("127.0.0.1", port))
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
            found.append(port)
    return found
