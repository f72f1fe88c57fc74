"""Certificates of the platform's own authority: for demos, tests, and a server's first hours."""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ExtendedKeyUsageOID

from mailcenter.certificates.issue import Authority
from mailcenter.certificates.state import Problem
from mailcenter.serve.certificates.source import NotObtainedError
from mailcenter.settings.paths import Paths


class OwnAuthority:
    """Signs at once. Its files are read for each question: `mailcenter up` may have made new ones."""

    name = "own"

    def __init__(self, place: Paths) -> None:
        self._certificate = place.ca_certificate
        self._key = place.ca_key

    def is_current(self, name: str, pem: bytes, certificate: x509.Certificate) -> bool:
        try:
            certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(self._certificate.read_bytes()))
        except (OSError, ValueError, TypeError, InvalidSignature):
            return False
        return True

    def obtain(self, name: str) -> bytes:
        try:
            authority = Authority.read(self._certificate.read_bytes(), self._key.read_bytes())
        except (OSError, ValueError) as error:
            raise NotObtainedError(Problem.OURS, f"the own authority cannot be used: {error}") from None
        key, chain = authority.issue(name, [x509.DNSName(name)], [ExtendedKeyUsageOID.SERVER_AUTH])
        return (key + chain).encode()
