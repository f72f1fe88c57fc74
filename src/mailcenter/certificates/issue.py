"""Make keys, and certificates that an authority signs (RFC 5280)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

SERVER_DAYS: Final = 397
"""Clients accept no server certificate that lives longer than 398 days (CA/Browser Forum baseline, section 6.3.2)."""
_AUTHORITY_DAYS: Final = 3650
_CLOCK_SKEW: Final = timedelta(hours=1)


class Authority:
    """Who signs: a certificate and its key."""

    def __init__(self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        self.certificate = certificate
        self._key = key

    @classmethod
    def make(cls, name: str) -> Authority:
        """A new one that signs itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(name)
        builder = (
            _builder(subject, subject, key.public_key(), timedelta(days=_AUTHORITY_DAYS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(signs_certificates=True), critical=True)
        )
        return cls(builder.sign(key, hashes.SHA256()), key)

    @classmethod
    def read(cls, certificate: bytes, key: bytes) -> Authority:
        """From PEM.

        Raises:
            ValueError: one of them is unreadable, or the key is of a foreign kind.
        """
        private = load_pem_private_key(key, password=None)
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise ValueError("its key is of a foreign kind")
        return cls(x509.load_pem_x509_certificate(certificate), private)

    @property
    def key_pem(self) -> str:
        return private_pem(self._key)

    @property
    def certificate_pem(self) -> str:
        return _pem(self.certificate)

    def issue(
        self,
        common_name: str,
        names: Sequence[x509.GeneralName],
        usage: Sequence[x509.ObjectIdentifier],
        *,
        life: timedelta = timedelta(days=SERVER_DAYS),
    ) -> tuple[str, str]:
        """A new key, and its certificate with the authority's behind, PEM; without names it is for no server."""
        key = ec.generate_private_key(ec.SECP256R1())
        return private_pem(key), self.sign(key.public_key(), common_name, names, usage, life=life)

    def sign(
        self,
        key: ec.EllipticCurvePublicKey,
        common_name: str,
        names: Sequence[x509.GeneralName],
        usage: Sequence[x509.ObjectIdentifier],
        *,
        life: timedelta = timedelta(days=SERVER_DAYS),
    ) -> str:
        """A certificate for somebody's key, with the authority's behind, PEM."""
        builder = (
            _builder(_name(common_name), self.certificate.subject, key, life)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usage), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return _pem(builder.sign(self._key, hashes.SHA256())) + self.certificate_pem


def private_pem(key: ec.EllipticCurvePrivateKey) -> str:
    """PKCS #8, without a password."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])  # RFC 5280 appendix A: at most 64


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, life: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SKEW)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode("ascii")
