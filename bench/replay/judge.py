"""Account for each mail: refused with a reason that the ledger knows, or found unchanged; all else is unexplained."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from bench.replay.content import compare
from bench.replay.ledger import Record
from bench.replay.mailbox import Copy
from bench.replay.sender import Sending

_REFUSAL = re.compile(r"5\.\d{1,3}\.\d{1,3} \S.*\[([0-9a-hjkmnp-tv-z]{13})\]", re.DOTALL)

Fate = Literal["delivered", "refused", "unexplained"]


@dataclass
class Account:
    """The sum of a replay."""

    fates: Counter[Fate] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    deferrals: Counter[str] = field(default_factory=Counter)
    folders: Counter[str] = field(default_factory=Counter)
    added: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    attempts: int = 0
    lost: int = 0
    in_doubt: int = 0
    accepted: int = 0
    """Transactions that the ledger says were accepted."""
    delivered: int = 0
    """Different transactions of which a copy lies in a mailbox."""
    duplicates: int = 0
    """Copies beyond the first of a mail, each explained by a connection lost at the end of DATA."""
    faults: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not self.faults and self.accepted == self.delivered


@dataclass(frozen=True)
class Evidence:
    """All that is known of one mail."""

    sending: Sending
    copies: list[Copy]
    records: list[Record]
    verdicts: dict[str, str]
    """The ledger's verdicts of the references that replies named."""


def reference_of(text: str) -> str:
    """The reference in a refusal that is complete (enhanced code, reason, reference), else an empty string."""
    found = _REFUSAL.search(text)
    return found[1] if found else ""


def _tidy(text: str) -> str:
    """A reply with what differs from mail to mail taken out, for counting."""
    text = re.sub(r"\[[0-9a-z]{13}\]( https://\S+)?", "[REFERENCE]", text.replace("\n", " "))
    text = re.sub(r"score -?[0-9.]+", "score …", text)
    return re.sub(r"<[^>]*>", "<…>", text)[:100]


def _refusal_faults(evidence: Evidence) -> list[str]:
    last = evidence.sending.last
    faults = []
    reference = reference_of(last.text)
    if not reference:
        faults.append(f"refused without enhanced code, reason or reference: {last.code} {last.text}")
    elif evidence.verdicts.get(reference) != "reject":
        faults.append(f"refused as {reference}, of which the ledger says {evidence.verdicts.get(reference, 'nothing')}")
    if len(evidence.copies) > evidence.sending.in_doubt:
        faults.append("refused, and yet delivered")
    return faults


def _duplicate_faults(evidence: Evidence) -> list[str]:
    """More copies than mails are explained only by a connection lost at the end of DATA, ours in or that to LMTP."""
    faults = []
    by_reference = Counter(copy.reference for copy in evidence.copies)
    if len(by_reference) > 1 + evidence.sending.in_doubt:
        faults.append(
            f"accepted {len(by_reference)} times, though only {evidence.sending.in_doubt} attempts were in doubt"
        )
    events = {record.reference: record.events for record in evidence.records}
    for reference, copies in by_reference.items():
        if copies > 1 + events.get(reference, ()).count("deferred"):
            faults.append(f"{copies} copies of {reference} without a lost connection to LMTP")
    return faults


def _delivery_faults(evidence: Evidence) -> list[str]:
    faults = []
    accepted = {record.reference: record for record in evidence.records if record.accepted}
    found = {copy.reference for copy in evidence.copies}
    if not evidence.copies:
        faults.append(f"accepted ({evidence.sending.last.text}), but in no mailbox")
    faults += [f"accepted as {one}, but no copy of it" for one in sorted(accepted.keys() - found)]
    faults += [
        f"found with reference {one!r}, which the ledger has not accepted" for one in sorted(found - accepted.keys())
    ]
    for reference, record in accepted.items():
        if "delivered" not in record.events:
            faults.append(f"the ledger does not know the end of {reference}: {', '.join(record.events) or 'no event'}")
    return faults + _duplicate_faults(evidence)


def judge(evidence: Evidence, account: Account, own_names: tuple[bytes, ...]) -> None:
    """Add one mail to the account."""
    sending = evidence.sending
    account.attempts += len(sending.attempts)
    account.lost += sum(outcome.lost for outcome in sending.attempts)
    account.in_doubt += sending.in_doubt
    account.deferrals.update(
        f"{outcome.code} {_tidy(outcome.text)}" for outcome in sending.attempts if 400 <= outcome.code < 500
    )
    account.folders.update(copy.folder for copy in evidence.copies)
    account.accepted += sum(record.accepted for record in evidence.records)
    account.delivered += len({copy.reference for copy in evidence.copies})
    account.duplicates += max(0, len(evidence.copies) - 1)
    faults: list[str] = []
    fate: Fate = "delivered"
    if not sending.decided:
        faults.append(f"undecided after {len(sending.attempts)} attempts: {sending.attempts[-1:]}")
    elif sending.last.refused:
        fate = "refused"
        account.refusals[f"{sending.last.code} {_tidy(sending.last.text)}"] += 1
        faults += _refusal_faults(evidence)
    else:
        faults += _delivery_faults(evidence)
    for copy in evidence.copies:
        comparison = compare(sending.mail.content, copy.content, own_names)
        account.added += comparison.added
        account.removed += comparison.removed
        faults += comparison.faults
    account.fates["unexplained" if faults else fate] += 1
    account.faults += [f"{sending.mail.name}: {fault}" for fault in faults]
