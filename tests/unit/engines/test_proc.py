"""What the kernel says about processes and sockets."""

from __future__ import annotations

import os
import socket
import subprocess
from ipaddress import ip_address

import pytest

from mailcenter.engines import proc
from mailcenter.engines.proc import Listener
from tests.harness.wait import until


@pytest.mark.parametrize(
    ("held", "wanted", "conflict"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.2", False),
        ("0.0.0.0", "127.0.0.1", True),  # noqa: S104 - a value, nothing is bound
        ("127.0.0.1", "0.0.0.0", True),  # noqa: S104 - as above
        ("::", "::1", True),
        ("::1", "127.0.0.1", False),
    ],
)
def test_who_is_in_whose_way(held: str, wanted: str, conflict: bool) -> None:
    listener = Listener("tcp", ip_address(held), 25, "1")
    assert listener.conflicts("tcp", wanted, 25) is conflict
    assert not listener.conflicts("udp", wanted, 25)
    assert not listener.conflicts("tcp", wanted, 26)


@pytest.mark.parametrize(
    ("family", "kind", "address"),
    [
        (socket.AF_INET, socket.SOCK_STREAM, "127.0.0.1"),
        (socket.AF_INET, socket.SOCK_DGRAM, "127.0.0.1"),
        (socket.AF_INET6, socket.SOCK_STREAM, "::1"),
    ],
)
def test_our_own_socket_is_found(family: int, kind: int, address: str) -> None:
    with socket.socket(family, kind) as held:
        held.bind((address, 0))
        if kind == socket.SOCK_STREAM:
            held.listen()
        port = held.getsockname()[1]
        protocol = "tcp" if kind == socket.SOCK_STREAM else "udp"
        found = [one for one in proc.listeners() if one.conflicts(protocol, address, port)]
        assert [one.pid for one in found] == [os.getpid()]


def test_a_process_and_its_parents() -> None:
    assert {os.getpid(), os.getppid(), 1} <= proc.ancestors(os.getpid())
    assert proc.alive(os.getpid())
    assert "python" in proc.command_line(os.getpid())


def test_a_zombie_is_not_alive() -> None:
    with subprocess.Popen(["true"]) as child:
        until(lambda: not proc.alive(child.pid), "the child to end")
    assert proc.command_line(child.pid) == ""
    assert proc.ancestors(child.pid) == {child.pid}
    assert not proc.alive(0)


def test_the_environment_of_a_process() -> None:
    with subprocess.Popen(["sleep", "30"], env={"MARK": "a b"}) as child:
        try:
            until(lambda: "sleep" in proc.command_line(child.pid), "the child to run")
            assert "MARK=a b" in proc.environment(child.pid)
        finally:
            child.kill()
