"""What each source of certificates offers."""

from __future__ import annotations

from typing import Protocol

from cryptography import x509

from mailcenter.certificates.state import Problem


class NotObtainedError(Exception):
    """There is no certificate for the name now; `str()` is one line for people."""

    def __init__(self, problem: Problem, detail: str) -> None:
        super().__init__(detail)
        self.problem = problem


class Source(Protocol):
    """Where certificates come from. `name` changes where those of before are no longer good enough."""

    name: str

    def is_current(self, name: str, pem: bytes, certificate: x509.Certificate) -> bool:
        """Whether the certificate in force is what this source would give."""

    def obtain(self, name: str) -> bytes:
        """Key and chain for a name, PEM.

        Raises:
            NotObtainedError: there is none.
        """
