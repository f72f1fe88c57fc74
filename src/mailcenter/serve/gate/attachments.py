"""The examination of attachments: at once where it is short, else in a thread."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from mailcenter.attachments.findings import Finding, Limits, Reason
from mailcenter.attachments.mime import walk_parts
from mailcenter.attachments.walk import examine
from mailcenter.policy.facts import MessageFacts, RecipientFacts
from mailcenter.policy.rule import Decision
from mailcenter.policy.rules import attachments, virus
from mailcenter.serve.gate.content import Content
from mailcenter.serve.gate.ports import Findings, Infected

SMALL: Final = 256 * 2**10
"""Bytes of a message up to which it is tried at once."""
AT_ONCE: Final = 0.02
"""Seconds of such a try, for which all other mails of the worker wait. Few archives take longer: those are examined
again, in a thread, which costs more than most examinations do."""
SECONDS: Final = 5.0
MOST_TOLD: Final = 20
"""Findings that the ledger keeps of a message."""

_Found = dict[frozenset[str], tuple[Finding, ...]]
"""By the list of extensions."""


async def with_attachments(content: Content, recipients: tuple[RecipientFacts, ...]) -> tuple[RecipientFacts, ...]:
    """The recipients with what their own lists find. Lists differ rarely; each is a walk of its own."""
    lists = {recipient.treatment.extensions for recipient in recipients}
    message = b"".join(content.pieces())
    found = _examine(message, lists, AT_ONCE) if len(message) <= SMALL else None
    if found is None or _took_too_long(found):
        found = await asyncio.to_thread(_examine, message, lists, SECONDS)
    return tuple(replace(recipient, attachments=found[recipient.treatment.extensions]) for recipient in recipients)


def _took_too_long(found: _Found) -> bool:
    return any(finding.reason is Reason.TOO_SLOW for findings in found.values() for finding in findings)


def count_parts(content: Content, limit: int) -> int:
    """At most how many parts the message has; exactly one more than the limit where it has more than that.

    Multiparts have a delimiter line for each part: where such lines are few, the message need not be walked.
    """
    delimiters = sum(piece.count(b"\n--") for piece in content.pieces())
    if delimiters < limit:
        return delimiters + 1
    parts = walk_parts(b"".join(content.pieces()), Limits(parts=limit))
    return limit + any(part.problem is Reason.TOO_MANY for part in parts)


def told(recipients: Iterable[RecipientFacts]) -> list[dict[str, str]]:
    """The findings as the ledger keeps them, each once."""
    found = dict.fromkeys(finding for recipient in recipients for finding in recipient.attachments)
    return [_told(finding) for finding in list(found)[:MOST_TOLD]]


def refused_files(decision: Decision, findings: Findings, facts: MessageFacts) -> list[dict[str, str]]:
    """What a mail was refused for, file by file, for the ledger and the notices to its recipients."""
    if decision.rule == virus.RULE.name:
        infected = findings.infected or tuple(Infected(finding, "") for finding in findings.viruses)
        return [
            {"name": one.file, "reason": "virus", "detail": one.finding, "scanner": one.scanner}
            for one in infected[:MOST_TOLD]
        ]
    if decision.rule == attachments.NAME:
        refused = dict.fromkeys(
            finding for one in facts.recipients for finding in attachments.refused_attachments(one, facts.book)
        )
        return [_told(finding) for finding in list(refused)[:MOST_TOLD]]
    return []


def _told(finding: Finding) -> dict[str, str]:
    return {"name": "/".join((*finding.path, finding.name)), "reason": str(finding.reason), "detail": finding.detail}


def _examine(message: bytes, lists: set[frozenset[str]], seconds: float) -> _Found:
    limits = Limits(seconds=seconds / max(1, len(lists)))
    return {
        extensions: examine(message, extensions=extensions, clock=time.monotonic, limits=limits).findings
        for extensions in lists
    }
