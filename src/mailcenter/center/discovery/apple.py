"""Apple's profile for one mailbox ("Configuration Profile Reference"), signed as CMS (RFC 5652)."""

from __future__ import annotations

import plistlib
import uuid
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs7

from mailcenter.center.discovery.services import service
from mailcenter.settings.model import Settings

CONTENT_TYPE: Final = "application/x-apple-aspen-config"
_SPACE: Final = uuid.UUID("7d0e83f4-7a3c-4c3e-9a8b-54b9c5e1f3a2")
"""Of the profiles' identifiers: a mailbox keeps its own, so that a new download replaces the old profile."""


def profile(settings: Settings, address: str, name: str) -> bytes:
    """The profile, a property list. Without the password: the device asks for it once.

    Args:
        address: login and address, as stored.
        name: of its owner, may be empty.
    """
    imap, smtp = service(settings, "imap"), service(settings, "smtp")
    reverse = ".".join(reversed(settings.host_name.split(".")))
    known_as = uuid.uuid5(_SPACE, f"{settings.host_name} {address}")
    account = {
        "PayloadType": "com.apple.mail.managed",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{reverse}.mail.{known_as}",
        "PayloadUUID": str(uuid.uuid5(known_as, "mail")).upper(),
        "PayloadDisplayName": address,
        "EmailAccountType": "EmailTypeIMAP",
        "EmailAccountDescription": address,
        "EmailAccountName": name or address,
        "EmailAddress": address,
        "IncomingMailServerHostName": imap.host,
        "IncomingMailServerPortNumber": imap.port,
        "IncomingMailServerUseSSL": True,
        "IncomingMailServerUsername": address,
        "IncomingMailServerAuthentication": "EmailAuthPassword",
        "OutgoingMailServerHostName": smtp.host,
        "OutgoingMailServerPortNumber": smtp.port,
        "OutgoingMailServerUseSSL": True,
        "OutgoingMailServerUsername": address,
        "OutgoingMailServerAuthentication": "EmailAuthPassword",
        "OutgoingPasswordSameAsIncomingPassword": True,
    }
    return plistlib.dumps(
        {
            "PayloadType": "Configuration",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"{reverse}.{known_as}",
            "PayloadUUID": str(known_as).upper(),
            "PayloadDisplayName": address,
            "PayloadOrganization": settings.host_name,
            "PayloadDescription": f"E-mail: {address}",
            "PayloadContent": [account],
        }
    )


def signed(content: bytes, certificate: Path, key: Path) -> bytes:
    """The content inside a CMS signature, DER, with the certificates up to the authority.

    Raises:
        OSError: a file cannot be read.
        ValueError: it holds no certificate or no key that signs.
    """
    chain = x509.load_pem_x509_certificates(certificate.read_bytes())
    private = load_pem_private_key(key.read_bytes(), password=None)
    if not isinstance(private, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise ValueError(f"{key} is of a kind that cannot sign")
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(chain[0], private, hashes.SHA256())
    for above in chain[1:]:
        builder = builder.add_certificate(above)
    return builder.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])
