"""No attachment can be executed, by its name or by what it is, also inside of archives.

`mailcenter.attachments` finds; here is decided what refuses. Only what is certain does so without being asked for:
scripts, encrypted archives and archives beyond the limits are everyday mail to some. What cannot be read is left to the
virus scanner. Each recipient's domain may have its own list; a message is refused when all its recipients refuse it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mailcenter.attachments.extensions import FURTHER_EXTENSIONS, SEED_EXTENSIONS
from mailcenter.attachments.findings import Finding, Reason
from mailcenter.attachments.names import match_extension
from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import MessageFacts, RecipientFacts
from mailcenter.policy.replies import ATTACHMENT_REFUSED
from mailcenter.policy.rule import Rule
from mailcenter.policy.rulebook import RuleBook, Threshold

NAME: Final = "attachments"
SCRIPTS: Final = "refuse_scripts"
ENCRYPTED: Final = "refuse_encrypted"
EXCESSIVE: Final = "refuse_excessive"

_FIGURES: Final = {
    Reason.SCRIPT: SCRIPTS,
    Reason.ENCRYPTED: ENCRYPTED,
    Reason.TOO_DEEP: EXCESSIVE,
    Reason.TOO_LARGE: EXCESSIVE,
    Reason.TOO_MANY: EXCESSIVE,
    Reason.TOO_SLOW: EXCESSIVE,
}
_OPEN_NAMES: Final = SEED_EXTENSIONS | FURTHER_EXTENSIONS


def check(facts: MessageFacts) -> Reply | None:
    first: Finding | None = None
    for recipient in facts.recipients:
        finding = refused_attachment(recipient, facts.book)
        if finding is None:
            return None
        first = first or finding
    if first is None:
        return None
    name = "/".join(part for part in (*first.path, first.name) if part) or "without a name"
    detail = first.detail or f"{first.reason} archive"
    return ATTACHMENT_REFUSED.fill(name=_ascii(name), detail=_ascii(detail))


def refused_attachment(recipient: RecipientFacts, book: RuleBook) -> Finding | None:
    """The first attachment that this recipient would refuse."""
    return next(refused_attachments(recipient, book), None)


def refused_attachments(recipient: RecipientFacts, book: RuleBook) -> Iterator[Finding]:
    """All of them, in their order."""
    return (finding for finding in recipient.attachments if _refuses(recipient, finding, book))


def _refuses(recipient: RecipientFacts, finding: Finding, book: RuleBook) -> bool:
    treatment = recipient.treatment
    if finding.reason is Reason.EXTENSION:
        return True
    if finding.reason is Reason.TYPE:
        # a domain that left an extension off its own list accepts programs that are openly called so
        is_open = match_extension(finding.name, _OPEN_NAMES) is not None
        return treatment.blocked_extensions is None or not is_open
    if finding.reason is Reason.ENCRYPTED and treatment.encrypted_archives is not None:
        return treatment.encrypted_archives == "refuse"
    figure = _FIGURES.get(finding.reason)
    return figure is not None and book.figure(NAME, figure) > 0


def _ascii(text: str) -> str:
    """A reply is ASCII unless the client asked for more (RFC 6531 section 3.7.4)."""
    return text.encode("ascii", "replace").decode()


def _switch(description: str) -> Threshold:
    return Threshold(0.0, 0.0, 1.0, "0 or 1", description)


RULE = Rule(
    NAME,
    "No attachment that can be executed",
    "seed 4",
    check,
    thresholds={
        SCRIPTS: _switch("1 refuses scripts under a harmless name"),
        ENCRYPTED: _switch("1 refuses encrypted archives, unless the domain decides otherwise"),
        EXCESSIVE: _switch("1 refuses archives that are too deep, too large or too slow to look through"),
    },
)
