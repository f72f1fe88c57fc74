"""Is the certificate good: readable, for our name, with its key, and not at its end?"""

from __future__ import annotations

from datetime import UTC, datetime

from mailcenter.certificates.inspect import faults
from mailcenter.engines.doctor.finding import Finding
from mailcenter.engines.tls import RENEW_DAYS, certificate_files
from mailcenter.settings.model import Settings


def check(settings: Settings) -> list[Finding]:
    certificate, key = certificate_files(settings)
    own = settings.tls.certificate is None
    if own and not certificate.exists():
        return []  # before the first `up`
    remedy = (
        "`mailcenter up` makes a new one"
        if own
        else "get a new certificate, put it there with its key, and run `mailcenter up`"
    )
    return [
        Finding(fault, remedy)
        for fault in faults(settings.host_name, certificate, key, now=datetime.now(UTC), days=RENEW_DAYS)
    ]
