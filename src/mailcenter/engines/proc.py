"""Read what the kernel says about processes and listening sockets (`/proc`)."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Literal

_PROC = Path("/proc")
_TCP_LISTEN = "0A"
_UDP_UNCONNECTED = "07"


@dataclass(frozen=True)
class Listener:
    """A socket that takes connections or datagrams; `pid` is 0 where the owner is not to be seen."""

    protocol: Literal["tcp", "udp"]
    address: IPv4Address | IPv6Address
    port: int
    inode: str
    pid: int = 0

    def conflicts(self, protocol: str, address: str, port: int) -> bool:
        """Whether binding to this address and port would fail because of the socket."""
        if (self.protocol, self.port) != (protocol, port):
            return False
        wanted = ip_address(address)
        if wanted.version != self.address.version:
            return False
        return wanted == self.address or wanted.is_unspecified or self.address.is_unspecified


def alive(pid: int) -> bool:
    """Whether the process exists and is more than a zombie."""
    return pid > 0 and _state(pid) not in {"", "Z", "X"}


def command_line(pid: int) -> str:
    """The command with its arguments; "" when the process is gone."""
    return _read(pid, "cmdline").replace("\0", " ").strip()


def environment(pid: int) -> list[str]:
    """The environment that the process was started with, `NAME=VALUE`; empty when it is gone or may not be read."""
    return _read(pid, "environ").split("\0")


def parent(pid: int) -> int:
    """The parent's process id; 0 when the process is gone."""
    fields = _stat_fields(pid)
    return int(fields[1]) if len(fields) > 1 else 0


def process_group(pid: int) -> int:
    """The process group's number, which is its leader's process id; 0 when the process is gone."""
    fields = _stat_fields(pid)
    return int(fields[2]) if len(fields) > 2 else 0


def session(pid: int) -> int:
    """The session's number; 0 when the process is gone."""
    fields = _stat_fields(pid)
    return int(fields[3]) if len(fields) > 3 else 0


def boot() -> str:
    """An identity of this boot: process ids mean nothing in another one."""
    return (_PROC / "sys/kernel/random/boot_id").read_text().strip()


def name(pid: int) -> str:
    """The program's name, at most 15 bytes; "" when the process is gone."""
    return _read(pid, "comm").strip()


def pids() -> list[int]:
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]


def ancestors(pid: int) -> set[int]:
    """The process itself, its parent, and so on up to process 1."""
    found: set[int] = set()
    while pid > 0 and pid not in found:
        found.add(pid)
        pid = parent(pid)
    return found


def listeners() -> list[Listener]:
    """All listening TCP and bound UDP sockets of this network namespace, with the process that holds each."""
    found = [*_sockets("tcp", _TCP_LISTEN), *_sockets("udp", _UDP_UNCONNECTED)]
    owners = _socket_owners({listener.inode for listener in found})
    return [Listener(one.protocol, one.address, one.port, one.inode, owners.get(one.inode, 0)) for one in found]


def _sockets(protocol: Literal["tcp", "udp"], state: str) -> Iterator[Listener]:
    for table in (protocol, f"{protocol}6"):
        try:
            lines = (_PROC / "net" / table).read_text().splitlines()[1:]
        except OSError:  # a kernel without IPv6 has no such table
            continue
        for line in lines:
            fields = line.split()
            if fields[3] == state:
                address, _, port = fields[1].partition(":")
                yield Listener(protocol, _address(address), int(port, 16), fields[9])


def _address(text: str) -> IPv4Address | IPv6Address:
    """The kernel prints each 32-bit word in the machine's byte order."""
    words = [int(text[start : start + 8], 16) for start in range(0, len(text), 8)]
    packed = b"".join(struct.pack("=I", word) for word in words)
    return ip_address(socket.inet_ntop(socket.AF_INET if len(packed) == 4 else socket.AF_INET6, packed))


def _socket_owners(inodes: set[str]) -> dict[str, int]:
    owners: dict[str, int] = {}
    for pid in pids():
        try:
            for entry in (_PROC / str(pid) / "fd").iterdir():
                inode = entry.readlink().name.removeprefix("socket:[").removesuffix("]")
                if inode in inodes:
                    owners.setdefault(inode, pid)
        except OSError:  # it ended meanwhile, or belongs to somebody else
            continue
    return owners


def _state(pid: int) -> str:
    fields = _stat_fields(pid)
    return fields[0] if fields else ""


def _stat_fields(pid: int) -> list[str]:
    """The fields of `stat` after the command, which is in parentheses and may hold anything."""
    return _read(pid, "stat").rpartition(")")[2].split()


def _read(pid: int, name: str) -> str:
    try:
        return (_PROC / str(pid) / name).read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""
