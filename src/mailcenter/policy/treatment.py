"""How a recipient wants suspicious mail treated, and what that means for one message."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from mailcenter.attachments.extensions import SEED_EXTENSIONS
from mailcenter.policy.rulebook import RuleBook

SpamAction = Literal["junk", "mark", "forward", "nothing"]
Treated = Literal["", "junk", "mark", "forward", "nothing", "allowed"]
"""What became of a recipient's copy; empty: not suspicious. allowed: suspicious, but from a sender he allows."""
ListWord = Literal["", "allow", "deny"]
"""What the recipient's lists say of a sender."""

RULE_NAME: Final = "spam"
JUNK: Final = "junk_score"
REFUSE: Final = "refuse_score"
PLATFORM_ACTION: Final[SpamAction] = "junk"


class Treatment(msgspec.Struct, frozen=True):
    """None: as the platform does. `blocked_extensions` and `encrypted_archives` are those of the domain."""

    junk_score: float | None = None
    refuse_score: float | None = None
    spam_action: SpamAction | None = None
    spam_forward_to: str | None = None
    notices: bool | None = None
    blocked_extensions: tuple[str, ...] | None = None
    encrypted_archives: Literal["accept", "refuse"] | None = None

    def refuses_from(self, book: RuleBook) -> float:
        """Points from which a mail is refused."""
        return book.figure(RULE_NAME, REFUSE) if self.refuse_score is None else self.refuse_score

    def junk_from(self, book: RuleBook) -> float:
        """Points from which a mail is suspicious; never above those that refuse."""
        junk = book.figure(RULE_NAME, JUNK) if self.junk_score is None else self.junk_score
        return min(junk, self.refuses_from(book))

    @property
    def action(self) -> SpamAction:
        """What becomes of suspicious mail that is not refused."""
        return self.spam_action or PLATFORM_ACTION

    @property
    def extensions(self) -> frozenset[str]:
        """Extensions of attachments that are refused: lower case, without dot."""
        return SEED_EXTENSIONS if self.blocked_extensions is None else frozenset(self.blocked_extensions)


AS_PLATFORM: Final = Treatment()


def treat(
    treatment: Treatment,
    book: RuleBook,
    score: float,
    *,
    listed: ListWord = "",
    aligned: bool = False,
    quarantined: bool = False,
) -> Treated:
    """What becomes of one recipient's copy of an accepted message.

    One who would have refused it alone gets it as Junk. `aligned`: the author is proven, so an entry that allows him
    counts; it lifts the score, not the author's own policy (`quarantined`).
    """
    if quarantined or listed == "deny":
        return "junk"
    if score < treatment.junk_from(book):
        return ""
    if listed == "allow" and aligned:
        return "allowed"
    return "junk" if score >= treatment.refuses_from(book) else treatment.action
