"""Which ports are wanted, and who holds them."""

from __future__ import annotations

import os
import socket
from ipaddress import ip_address

from mailcenter.engines import proc
from mailcenter.engines.platform.ports import Wanted, taken_ports, wanted_ports
from mailcenter.engines.proc import Listener
from mailcenter.settings.model import Settings

_SMTP = Wanted("listen.smtp", "tcp", "127.0.0.1", 2525)


def test_every_setting_of_a_port_is_wanted(demo: Settings, server: Settings) -> None:
    named = {want.setting for want in wanted_ports(demo)}
    ports = {f"listen.{name}" for name in type(demo.listen).model_fields if name != "addresses"}
    assert named == ports | {"dns.port", "guard.port"}
    assert {want.protocol for want in wanted_ports(demo) if want.setting == "dns.port"} == {"tcp", "udp"}
    assert {want.address for want in wanted_ports(server) if want.setting == "listen.smtp"} == {"0.0.0.0", "::"}  # noqa: S104 - the default


def test_a_port_of_ours_is_not_taken() -> None:
    listener = Listener("tcp", ip_address("127.0.0.1"), 2525, "1", os.getpid())
    assert [taken.pid for taken in taken_ports([_SMTP], [listener], [])] == [os.getpid()]
    assert taken_ports([_SMTP], [listener], [os.getppid()]) == []
    assert [taken.pid for taken in taken_ports([_SMTP], [listener], [0])] == [os.getpid()]


def test_a_free_port_is_not_taken() -> None:
    assert taken_ports([_SMTP], [Listener("tcp", ip_address("127.0.0.1"), 2526, "1", 1)], []) == []


def test_the_one_who_has_it_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        found = taken_ports([Wanted("listen.imap", "tcp", "127.0.0.1", port)], proc.listeners(), [])
    said = str(found[0])
    assert said.startswith(f"tcp port {port} on 127.0.0.1 (listen.imap) is taken by process {os.getpid()}: ")
    assert "python" in said
