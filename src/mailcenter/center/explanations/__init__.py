"""Cause and remedy of every reply in `mailcenter.policy.replies`, for the public pages; a test walks the table."""

from __future__ import annotations

from typing import Final

from mailcenter.center.explanations import client, message, ours, recipient, sender, success
from mailcenter.center.explanations.explanation import Explanation

ALL: Final[dict[str, Explanation]] = {
    **client.EXPLANATIONS,
    **sender.EXPLANATIONS,
    **recipient.EXPLANATIONS,
    **message.EXPLANATIONS,
    **ours.EXPLANATIONS,
    **success.EXPLANATIONS,
}
"""By the reply's name, in the order of the dialogue."""
