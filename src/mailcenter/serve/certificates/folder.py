"""Certificates that the operator puts into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cryptography import x509

from mailcenter.certificates.state import Problem
from mailcenter.serve.certificates.source import NotObtainedError

_MOST_BYTES: Final = 64 * 1024


class Folder:
    """`NAME.pem`, or `_.PARENT.pem` with a wildcard: key and chain. A newer one is taken at the next look."""

    name = "folder"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def is_current(self, name: str, pem: bytes, certificate: x509.Certificate) -> bool:
        try:
            return self.obtain(name) == pem
        except NotObtainedError:
            return False

    def obtain(self, name: str) -> bytes:
        parent = name.partition(".")[2]
        for file in (self._folder / f"{name}.pem", self._folder / f"_.{parent}.pem"):
            try:
                with file.open("rb") as stream:
                    return stream.read(_MOST_BYTES)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise NotObtainedError(Problem.OURS, f"{file} cannot be read: {error.strerror}") from None
        raise NotObtainedError(Problem.MISSING, f"neither {name}.pem nor _.{parent}.pem is in {self._folder}")
