"""Changes of an accepted message's header: forged fields out, ours in."""

from __future__ import annotations

import math
from collections import Counter
from typing import Final

import msgspec

from mailcenter.mail import authres
from mailcenter.mail.header import Field, Header
from mailcenter.milter.modifications import ChangeHeader, InsertHeader, Modification
from mailcenter.serve.gate.ports import Findings

REFERENCE_FIELD: Final = b"X-Mailcenter-Reference"
_OURS: Final = (b"x-spam-", b"x-mailcenter-")
_AUTHENTICATION: Final = authres.FIELD_NAME.lower()


class Sorting(msgspec.Struct, frozen=True):
    """What the delivery needs to treat each recipient's copy; the ids are those of mailboxes.

    `denied_by`: Junk there, whatever the score; `allowed_by`: the score does not count there.
    """

    score: float
    junk: bool
    quarantine: str = ""
    denied_by: tuple[int, ...] = ()
    allowed_by: tuple[int, ...] = ()

    @property
    def tenths(self) -> int:
        """The score as Sieve can compare it (RFC 4790 section 9.1): no sign, no point."""
        return max(0, math.floor(round(self.score * 10, 6)))


def removals(fields: Header, authserv_id: str) -> list[Modification]:
    """Fields that only we may set, and Authentication-Results that bear our name (RFC 8601 section 5).

    The last of a name comes first, so that the numbers of those before it stay right.
    """
    if not any(name == _AUTHENTICATION or name.startswith(_OURS) for name in fields.names()):
        return []
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


def additions(findings: Findings, sorting: Sorting | None, *, authserv_id: str, reference: str) -> list[Modification]:
    """Our fields, above all others. What our users send says nothing about score and authentication."""
    fields = [(REFERENCE_FIELD, reference.encode())]
    if sorting is not None:
        fields += _sorting_fields(sorting)
        fields.append((b"X-Spam-Score", f"{findings.score:.1f}".encode()))
        fields.append((authres.FIELD_NAME, authres.build(authserv_id, list(findings.authentication))))
    return [InsertHeader(0, name, b" " + value) for name, value in fields]  # each before the ones inserted so far


def _sorting_fields(sorting: Sorting) -> list[Field]:
    fields = [(b"X-Mailcenter-Score", str(sorting.tenths).encode())]
    if sorting.quarantine:
        fields.append((b"X-Mailcenter-Quarantine", sorting.quarantine.encode()))
    for name, ids in ((b"X-Mailcenter-Denied", sorting.denied_by), (b"X-Mailcenter-Allowed", sorting.allowed_by)):
        if ids:  # a dot on either side of each: `:contains ".17."` finds no other
            fields.append((name, f".{'.'.join(map(str, ids))}.".encode()))
    if sorting.junk:
        fields.append((b"X-Spam-Flag", b"YES"))
    return fields
