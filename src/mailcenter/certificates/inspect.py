"""Judge a certificate with its key: readable, belonging together, for the right name, not at its end."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key


def read_certificate(path: Path) -> x509.Certificate:
    """The first certificate of a PEM file: the server's own.

    Raises:
        OSError: the file cannot be read.
        ValueError: there is no certificate in it.
    """
    return x509.load_pem_x509_certificates(path.read_bytes())[0]


def faults(host: str, certificate: Path, key: Path, *, now: datetime, days: int = 0) -> list[str]:
    """What is wrong with certificate and key of a host, one line per fault.

    Args:
        now: the time of judgement, with time zone.
        days: it counts as ending with fewer days left.
    """
    try:
        found = read_certificate(certificate)
    except (OSError, ValueError) as error:
        return [f"{certificate} is no readable certificate: {error}"]
    try:
        private = load_pem_private_key(key.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        return [f"{key} is no readable private key without password: {error}"]
    wrong = []
    if _public(private.public_key()) != _public(found.public_key()):
        wrong.append(f"{key} is not the key of {certificate}")
    if not _covers(found, host):
        wrong.append(f"{certificate} is for {', '.join(host_names(found)) or 'no host'}, not for {host}")
    if found.not_valid_before_utc > now:
        wrong.append(f"{certificate} is not valid before {found.not_valid_before_utc:%Y-%m-%d}")
    if found.not_valid_after_utc <= now:
        wrong.append(f"{certificate} ended on {found.not_valid_after_utc:%Y-%m-%d}")
    elif found.not_valid_after_utc - now < timedelta(days=days):
        wrong.append(f"{certificate} ends on {found.not_valid_after_utc:%Y-%m-%d}")
    return wrong


def _public(key: object) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined, no-any-return]  # one of many key types, all have it


def host_names(certificate: x509.Certificate) -> list[str]:
    """The DNS names it is for, in lower case, with wildcards."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [name.lower() for name in names.get_values_for_type(x509.DNSName)]


def _covers(certificate: x509.Certificate, host: str) -> bool:
    """RFC 9525 section 6.3: the name itself, or a wildcard for its first label."""
    _, _, parent = host.partition(".")
    return any(name == host or (parent and name == f"*.{parent}") for name in host_names(certificate))


def holds(pem: bytes, host: str, now: datetime) -> tuple[x509.Certificate | None, str]:
    """The certificate in a file with key and chain, where it may serve for the host; else why not.

    Args:
        now: the time of judgement, with time zone.
    """
    try:
        found = x509.load_pem_x509_certificates(pem)[0]
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        return None, f"no certificate with a key without password: {error}"
    if _public(private.public_key()) != _public(found.public_key()):
        return None, "the key is of another certificate"
    if not _covers(found, host):
        return None, f"it is for {', '.join(host_names(found)[:5]) or 'no host'}"
    if not found.not_valid_before_utc <= now < found.not_valid_after_utc:
        return None, f"it is valid from {found.not_valid_before_utc:%Y-%m-%d} to {found.not_valid_after_utc:%Y-%m-%d}"
    return found, ""


def signs_profiles(certificate: Path, key: Path, authority: x509.Certificate, host_name: str, until: datetime) -> bool:
    """Whether the certificate for profiles is there with its key, of this authority and host, and good until then."""
    try:
        found = read_certificate(certificate)
        private = load_pem_private_key(key.read_bytes(), password=None)
        found.verify_directly_issued_by(authority)
    except (OSError, ValueError, TypeError, InvalidSignature):
        return False
    names = {str(name.value) for name in found.subject}
    same_key = _public(private.public_key()) == _public(found.public_key())
    return same_key and found.not_valid_after_utc > until and any(host_name[:50] in name for name in names)
