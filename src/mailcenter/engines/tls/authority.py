"""An own certificate authority and the server certificate it signs, for demos, tests and a server's first hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mailcenter.engines.base import EngineError, RenderedFile
from mailcenter.engines.write import write_file
from mailcenter.settings.identities import CENTER_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_AUTHORITY_DAYS = 3650
# Clients accept no server certificate that lives longer than 398 days (CA/Browser Forum baseline, section 6.3.2).
_SERVER_DAYS = 397
_CLOCK_SKEW = timedelta(hours=1)
_DEMO_HOST = "mail.demo.example"


def make_authority(settings: Settings) -> None:
    """Make the authority's key and certificate where they are missing."""
    key_file = paths(settings).secrets / "ca.key"
    if key_file.exists() and paths(settings).ca_certificate.exists():
        return
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"Mailcenter authority of {settings.host_name}")
    certificate = (
        _builder(name, name, key.public_key(), _AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    write_file(RenderedFile(key_file, _private_pem(key), mode=0o600))
    write_file(RenderedFile(paths(settings).ca_certificate, _pem(certificate)))


def make_server_certificate(settings: Settings) -> list[RenderedFile]:
    """A new key, and the certificate for it with the authority's behind.

    Raises:
        EngineError: the authority's files cannot be used.
    """
    place = paths(settings)
    usage = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    key, chain = _issued(settings, settings.host_name, usage)
    return [RenderedFile(place.key, key, mode=0o600), RenderedFile(place.certificate, chain)]


def make_profile_certificate(settings: Settings) -> list[RenderedFile]:
    """The same for what signs profiles: the control center signs, and must not be able to pose as the server.

    Raises:
        EngineError: the authority's files cannot be used.
    """
    place = paths(settings)
    key, chain = _issued(settings, f"Profiles of {settings.host_name}", [ExtendedKeyUsageOID.EMAIL_PROTECTION])
    return [
        RenderedFile(place.profile_key, key, mode=0o640, group=CENTER_USER),
        RenderedFile(place.profile_certificate, chain),
    ]


def _issued(settings: Settings, common_name: str, usage: list[x509.ObjectIdentifier]) -> tuple[str, str]:
    """A new key and its certificate with the authority's behind, PEM; for the server's names if it may be a server."""
    authority, authority_key = _authority(settings)
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        _builder(_name(common_name), authority.subject, key.public_key(), _SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(usage), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
    )
    if ExtendedKeyUsageOID.SERVER_AUTH in usage:
        builder = builder.add_extension(x509.SubjectAlternativeName(_names(settings)), critical=False)
    return _private_pem(key), _pem(builder.sign(authority_key, hashes.SHA256())) + _pem(authority)


def _authority(settings: Settings) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    place = paths(settings)
    try:
        authority = x509.load_pem_x509_certificate(place.ca_certificate.read_bytes())
        authority_key = load_pem_private_key((place.secrets / "ca.key").read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise EngineError(
            f"the own authority cannot be used: {error}", f"remove {place.ca_certificate}; a new one is made"
        ) from None
    if not isinstance(authority_key, ec.EllipticCurvePrivateKey):
        raise EngineError(
            "the own authority's key is of a foreign kind", f"remove {place.ca_certificate}; a new one is made"
        )
    return authority, authority_key


def _names(settings: Settings) -> list[x509.GeneralName]:
    hosts = dict.fromkeys([settings.host_name, "localhost", *([_DEMO_HOST] if settings.demo else [])])
    addresses = dict.fromkeys(map(ip_address, ["127.0.0.1", "::1", *settings.listen.addresses]))
    named = [address for address in addresses if not address.is_unspecified]
    return [*map(x509.DNSName, hosts), *map(x509.IPAddress, named)]


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])  # RFC 5280 appendix A: at most 64


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SKEW)
        .not_valid_after(now + timedelta(days=days))
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


def _private_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
