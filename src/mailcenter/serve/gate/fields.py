"""Changes of an accepted message's header: forged fields out, ours in."""

from __future__ import annotations

from collections import Counter
from typing import Final

from mailcenter.mail import authres
from mailcenter.mail.header import Field
from mailcenter.milter.modifications import ChangeHeader, InsertHeader, Modification
from mailcenter.policy.facts import Service
from mailcenter.serve.gate.ports import Findings

REFERENCE_FIELD: Final = b"X-Mailcenter-Reference"
_OURS: Final = (b"x-spam-", b"x-mailcenter-")
_AUTHENTICATION: Final = authres.FIELD_NAME.lower()


def removals(fields: list[Field], authserv_id: str) -> list[Modification]:
    """Fields that only we may set, and Authentication-Results that bear our name (RFC 8601 section 5).

    The last of a name comes first, so that the numbers of those before it stay right.
    """
    seen: Counter[bytes] = Counter()
    found: list[Modification] = []
    for name, value in fields:
        lower = name.strip().lower()
        if lower != _AUTHENTICATION and not lower.startswith(_OURS):
            continue
        seen[lower] += 1
        if lower != _AUTHENTICATION or authres.claims_to_be_from(value, authserv_id):
            found.append(ChangeHeader(seen[lower], name, b""))
    return found[::-1]


def additions(
    service: Service, findings: Findings, *, junk: bool, authserv_id: str, reference: str
) -> list[Modification]:
    """Our fields, above all others. What leaves for other servers says nothing about score and authentication."""
    fields = [(REFERENCE_FIELD, reference.encode())]
    if service == "mx":
        if junk:
            fields.append((b"X-Spam-Flag", b"YES"))
        fields.append((b"X-Spam-Score", f"{findings.score:.1f}".encode()))
        fields.append((authres.FIELD_NAME, authres.build(authserv_id, list(findings.authentication))))
    return [InsertHeader(0, name, b" " + value) for name, value in fields]  # each before the ones inserted so far
