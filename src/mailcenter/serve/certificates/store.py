"""The files of certificates and their states, replaced as a whole.

Their folders hand down their groups: nginx's workers read the one, the center reads the other.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from mailcenter.certificates.state import State, read_state

_MODE: Final = 0o640


class Store:
    """One file per name in each folder."""

    def __init__(self, certificates: Path, states: Path) -> None:
        self._certificates = certificates
        self._states = states

    def names(self) -> set[str]:
        """All that have a file here."""
        found = {path.stem for path in self._certificates.glob("*.pem")} | {
            path.stem for path in self._states.glob("*.json")
        }
        return {name for name in found if not name.startswith(".")}

    def certificate(self, name: str) -> bytes | None:
        """Key and chain, PEM; None without one."""
        try:
            return (self._certificates / f"{name}.pem").read_bytes()
        except FileNotFoundError:
            return None

    def state(self, name: str) -> State | None:
        return read_state(self._states, name)

    def keep(self, name: str, pem: bytes) -> None:
        """Put a certificate in force: nginx reads it anew for each connection."""
        _replace(self._certificates / f"{name}.pem", pem, durable=True)

    def drop(self, name: str) -> None:
        """Take a certificate out of force; its state stays."""
        (self._certificates / f"{name}.pem").unlink(missing_ok=True)

    def say(self, state: State) -> None:
        """Write down how it is; lost in a crash, it is found out again."""
        _replace(self._states / f"{state.name}.json", state.to_json().encode(), durable=False)

    def remove(self, name: str) -> None:
        """All of a name."""
        for path in (self._certificates / f"{name}.pem", self._states / f"{name}.json"):
            path.unlink(missing_ok=True)


def _replace(path: Path, content: bytes, *, durable: bool) -> None:
    descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".new", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            os.fchmod(descriptor, _MODE)
            stream.write(content)
            if durable:
                stream.flush()
                os.fsync(descriptor)
        Path(temporary).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise
