"""Asks Dovecot's anvil, which knows every session of IMAP, POP3 and ManageSieve and its process."""

from __future__ import annotations

import socket
from contextlib import closing
from pathlib import Path
from typing import Final

_ANVIL_SECONDS: Final = 5.0
_QUESTION: Final = b"VERSION\tanvil\t1\t0\nCONNECT-DUMP\n"


def ask_anvil(path: Path) -> str:
    """Every session that Dovecot knows of, one a line. Raises OSError."""
    with closing(socket.socket(socket.AF_UNIX)) as anvil:
        anvil.settimeout(_ANVIL_SECONDS)
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
    for line in answer.splitlines():
        ident, _, rest = line.partition("\t")
        parts = ident.split("/", 2)
        process = rest.partition("\t")[0]
        if len(parts) == 3 and process.isdecimal():
            served.setdefault(int(process), set()).add(parts[2].lower())
    return {process for process, users in served.items() if users <= addresses}
