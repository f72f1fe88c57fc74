"""Replies about us: what failed or was too much here."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from mailcenter.center.explanations.explanation import Explanation

EXPLANATIONS: Final[dict[str, Explanation]] = {
    "TEMPORARY_FAILURE": Explanation(
        _("Something failed here for the moment"),
        _(
            "A part of this site was not ready. That is not the fault of the sender, and the mail is not lost: "
            "the sending server still has it."
        ),
        _("Nothing need be done: your server tries again by itself."),
    ),
    "BUSY": Explanation(
        _("Too much mail came at once"),
        _("This site had more mail to judge than it could at that moment."),
        _("Nothing need be done: your server tries again by itself."),
    ),
}
