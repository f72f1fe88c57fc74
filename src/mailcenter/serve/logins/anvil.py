"""Asks Dovecot's anvil, which knows every session of IMAP, POP3 and ManageSieve and its process."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

BOUNDED: Final = frozenset({"imap", "pop3", "sieve"})
"""Services whose sessions anvil knows, in Dovecot's names."""
_ANVIL_SECONDS: Final = 5.0
_QUESTION: Final = b"VERSION\tanvil\t1\t0\nCONNECT-DUMP\n"


def ask_anvil(path: Path, seconds: float = _ANVIL_SECONDS) -> str:
    """Every session that Dovecot knows of, one a line. Raises OSError."""
    with closing(socket.socket(socket.AF_UNIX)) as anvil:
        anvil.settimeout(seconds)
        anvil.connect(str(path))
        anvil.sendall(_QUESTION)
        answer = b""
        while not answer.endswith(b"\n\n") and answer != b"\n":
            part = anvil.recv(65536)
            if not part:
                raise OSError("anvil closed the connection")
            answer += part
    return answer.decode("utf-8", "replace")


def processes_of(answer: str, addresses: set[str]) -> set[int]:
    """The processes that serve these accounts and nobody else: their numbers."""
    served: dict[int, set[str]] = {}
    for _service, login, process, _count in _lines(answer):
        served.setdefault(process, set()).add(login)
    return {process for process, users in served.items() if users <= addresses}


def sessions_of(answer: str) -> Counter[str]:
    """How many sessions of mail programs each account has, by its login."""
    found: Counter[str] = Counter()
    for service, login, _process, count in _lines(answer):
        if service in BOUNDED:
            found[login] += count
    return found


def services_of(answer: str) -> dict[int, str]:
    """The service of each process."""
    return {process: service for service, _login, process, _count in _lines(answer)}


def _lines(answer: str) -> Iterator[tuple[str, str, int, int]]:
    """Service, login, process and number of sessions; anvil's lines are `SERVICE/ADDRESS/LOGIN`, process, number."""
    for line in answer.splitlines():
        ident, *numbers = line.split("\t")
        parts = ident.split("/", 2)
        if len(parts) == 3 and len(numbers) == 2 and all(number.isdecimal() for number in numbers):
            yield parts[0], parts[2].lower(), int(numbers[0]), int(numbers[1])
