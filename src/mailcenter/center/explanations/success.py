"""Replies that say yes."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from mailcenter.center.explanations.explanation import Explanation

EXPLANATIONS: Final[dict[str, Explanation]] = {
    "ACCEPTED": Explanation(
        _("The mail was accepted"),
        _("Every check was passed and the mail is in our queue on its way to the mailbox."),
        _("Nothing is to be done."),
    ),
    "RECIPIENT_OK": Explanation(
        _("The recipient was accepted"),
        _("Mail to this address is taken, provided that its content passes the checks."),
        _("Nothing is to be done."),
    ),
}
