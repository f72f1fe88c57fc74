"""The server's certificate: the configured one, checked; or one of an own authority, made and renewed. No daemon."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from mailcenter.engines.base import Directory, EngineError, Health
from mailcenter.engines.plain import PlainEngine
from mailcenter.engines.tls.authority import make_authority, make_server_certificate
from mailcenter.engines.tls.inspect import faults, read_certificate
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
        if settings.tls.certificate is not None:
            found = faults(settings, *certificate_files(settings), now=datetime.now(UTC))
            if found:
                raise EngineError(
                    f"tls.certificate: {found[0]}", "put a fitting certificate there and run `mailcenter up` again"
                )
            return
        make_authority(settings)
        certificate, key = certificate_files(settings)
        if faults(settings, certificate, key, now=datetime.now(UTC), days=RENEW_DAYS):
            for file in make_server_certificate(settings):
                write_file(file)

    def health(self, settings: Settings) -> Health:
        certificate, key = certificate_files(settings)
        found = faults(settings, certificate, key, now=datetime.now(UTC), days=RENEW_DAYS // 2)
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


def fingerprint(settings: Settings) -> str:
    """Changes with the certificate; "" where there is none."""
    certificate, _ = certificate_files(settings)
    return hashlib.sha256(certificate.read_bytes()).hexdigest() if certificate.exists() else ""


ENGINE = Tls()
