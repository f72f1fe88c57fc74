"""The server's certificate: the configured one, checked; or one of an own authority, made and renewed. No daemon."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mailcenter.certificates.inspect import faults, read_certificate, signs_profiles
from mailcenter.certificates.source import source_in_force
from mailcenter.engines.base import Directory, EngineError, Health
from mailcenter.engines.plain import PlainEngine
from mailcenter.engines.tls.authority import make_authority, make_profile_certificate, make_server_certificate
from mailcenter.engines.write import write_file
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

USED_BY = ("postfix", "dovecot", "nginx")
"""Engines that must take a new certificate."""

RENEW_DAYS = 30
"""An own certificate is made anew when it has fewer days left; a configured one is warned about."""


class Tls(PlainEngine):
    name = "tls"
    packages: tuple[str, ...] = ()

    def directories(self, settings: Settings) -> list[Directory]:
        return [
            Directory(paths(settings).certificate.parent),
            # Daemons open their own secrets in it by name; nobody but root can list it.
            Directory(paths(settings).secrets, mode=0o711),
        ]

    def prepare(self, settings: Settings) -> None:
        own = source_in_force(settings) == "own"
        if settings.tls.certificate is None or settings.tls.profile_certificate is None or own:
            make_authority(settings)
        if settings.tls.profile_certificate is None:
            _prepare_profiles(settings)
        if settings.tls.certificate is not None:
            found = faults(settings.host_name, *certificate_files(settings), now=datetime.now(UTC))
            if found:
                raise EngineError(
                    f"tls.certificate: {found[0]}", "put a fitting certificate there and run `mailcenter up` again"
                )
            return
        certificate, key = certificate_files(settings)
        if faults(settings.host_name, certificate, key, now=datetime.now(UTC), days=RENEW_DAYS):
            for file in make_server_certificate(settings):
                write_file(file)

    def health(self, settings: Settings) -> Health:
        certificate, key = certificate_files(settings)
        found = faults(settings.host_name, certificate, key, now=datetime.now(UTC), days=RENEW_DAYS // 2)
        if found:
            return Health(
                False, found[0], "`mailcenter up` renews an own certificate; renew a configured one where it comes from"
            )
        days = (read_certificate(certificate).not_valid_after_utc - datetime.now(UTC)).days
        return Health(True, f"{'own authority' if settings.tls.certificate is None else certificate}, {days} days left")


def certificate_files(settings: Settings) -> tuple[Path, Path]:
    """Certificate chain and private key in force, PEM."""
    if settings.tls.certificate is not None and settings.tls.key is not None:
        return settings.tls.certificate, settings.tls.key
    return paths(settings).certificate, paths(settings).key


def profile_files(settings: Settings) -> tuple[Path, Path]:
    """Certificate chain and private key that sign profiles for Apple's devices, PEM."""
    if settings.tls.profile_certificate is not None and settings.tls.profile_key is not None:
        return settings.tls.profile_certificate, settings.tls.profile_key
    return paths(settings).profile_certificate, paths(settings).profile_key


def _prepare_profiles(settings: Settings) -> None:
    """Make the certificate anew where it is missing, is near its end, or is of another authority or host name."""
    certificate, key = profile_files(settings)
    authority = read_certificate(paths(settings).ca_certificate)
    if signs_profiles(certificate, key, authority, settings.host_name, datetime.now(UTC) + timedelta(days=RENEW_DAYS)):
        return
    for file in make_profile_certificate(settings):
        write_file(file)


def fingerprint(settings: Settings) -> str:
    """Changes with the certificate; "" where there is none."""
    certificate, _ = certificate_files(settings)
    return hashlib.sha256(certificate.read_bytes()).hexdigest() if certificate.exists() else ""


ENGINE = Tls()
