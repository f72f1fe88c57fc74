"""What a person or program needs to use a running platform: hosts, ports, certificate, and in a demo the logins."""

from __future__ import annotations

import json
from ipaddress import ip_address
from typing import Any

from mailcenter.settings.addresses import public_url
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings


def information(settings: Settings) -> dict[str, Any]:
    """As `mailcenter info --json` prints it."""
    place = paths(settings)
    first = settings.listen.addresses[0]
    host = settings.host_name if ip_address(first).is_unspecified else first
    services = [name for name in type(settings.listen).model_fields if name != "addresses"]
    found: dict[str, Any] = {
        "state_dir": str(place.state),
        "host_name": settings.host_name,
        "services": {name: {"host": host, "port": getattr(settings.listen, name)} for name in services},
        "metrics": f"{public_url(settings)}/metrics" if settings.metrics.enabled else None,
        "ca_certificate": str(place.ca_certificate) if settings.tls.certificate is None else None,
    }
    if settings.demo and place.demo_logins.exists():
        found["logins"] = json.loads(place.demo_logins.read_text())
    return found
