"""An own certificate authority and the server certificate it signs, for demos, tests and a server's first hours."""

from __future__ import annotations

from ipaddress import ip_address

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from mailcenter.certificates.issue import Authority
from mailcenter.certificates.source import source_in_force
from mailcenter.engines.base import EngineError, RenderedFile
from mailcenter.engines.write import write_file
from mailcenter.settings.identities import CENTER_USER, CERTIFICATES_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_DEMO_HOST = "mail.demo.example"


def make_authority(settings: Settings) -> None:
    """Make the authority's key and certificate where they are missing.

    Where it is to issue certificates for customers' names, the daemon that does so may read the key.
    """
    place = paths(settings)
    if not (place.ca_key.exists() and place.ca_certificate.exists()):
        made = Authority.make(f"Mailcenter authority of {settings.host_name}")
        write_file(RenderedFile(place.ca_key, made.key_pem, mode=0o600))
        write_file(RenderedFile(place.ca_certificate, made.certificate_pem))
    shared = source_in_force(settings) == "own"
    key = place.ca_key.read_text()
    wanted = (
        RenderedFile(place.ca_key, key, mode=0o640, group=CERTIFICATES_USER)
        if shared
        else RenderedFile(place.ca_key, key, mode=0o600)
    )
    write_file(wanted)


def make_server_certificate(settings: Settings) -> list[RenderedFile]:
    """A new key, and the certificate for it with the authority's behind.

    Raises:
        EngineError: the authority's files cannot be used.
    """
    place = paths(settings)
    usage = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    key, chain = _authority(settings).issue(settings.host_name, _names(settings), usage)
    return [RenderedFile(place.key, key, mode=0o600), RenderedFile(place.certificate, chain)]


def make_profile_certificate(settings: Settings) -> list[RenderedFile]:
    """The same for what signs profiles: the control center signs, and must not be able to pose as the server.

    Raises:
        EngineError: the authority's files cannot be used.
    """
    place = paths(settings)
    usage = [ExtendedKeyUsageOID.EMAIL_PROTECTION]
    key, chain = _authority(settings).issue(f"Profiles of {settings.host_name}", [], usage)
    return [
        RenderedFile(place.profile_key, key, mode=0o640, group=CENTER_USER),
        RenderedFile(place.profile_certificate, chain),
    ]


def _authority(settings: Settings) -> Authority:
    place = paths(settings)
    try:
        return Authority.read(place.ca_certificate.read_bytes(), place.ca_key.read_bytes())
    except (OSError, ValueError) as error:
        raise EngineError(
            f"the own authority cannot be used: {error}", f"remove {place.ca_certificate}; a new one is made"
        ) from None


def _names(settings: Settings) -> list[x509.GeneralName]:
    hosts = dict.fromkeys([settings.host_name, "localhost", *([_DEMO_HOST] if settings.demo else [])])
    addresses = dict.fromkeys(map(ip_address, ["127.0.0.1", "::1", *settings.listen.addresses]))
    named = [address for address in addresses if not address.is_unspecified]
    return [*map(x509.DNSName, hosts), *map(x509.IPAddress, named)]
