"""Replies about the recipient: RCPT TO."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from mailcenter.center.explanations.explanation import Explanation

EXPLANATIONS: Final[dict[str, Explanation]] = {
    "BAD_RECIPIENT": Explanation(
        _("The recipient's address cannot be used"),
        _("The recipient's address is not a valid mail address. The reply says what is wrong with it."),
        _("Correct the recipient's address and send the mail again."),
    ),
    "TOO_MANY_RECIPIENTS": Explanation(
        _("Too many recipients at once"),
        _("The mail names more recipients than are taken at once."),
        _(
            "Nothing need be done: a correctly working server sends the mail to the others afterwards. For "
            "circulars use a mailing list."
        ),
    ),
    "RELAY_NOT_PERMITTED": Explanation(
        _("Relay not permitted"),
        _(
            "The recipient's domain is not hosted here, and nobody logged in. Mail to others is passed on only "
            "for our own users."
        ),
        _(
            "In a mail program: switch on authentication for outgoing mail. As postmaster of another site: "
            "check the MX records of the recipient's domain; they may have changed."
        ),
        (
            "login",
            "mx",
        ),
    ),
    "NO_SUCH_RECIPIENT": Explanation(
        _("There is no such recipient"),
        _("Nobody here has the recipient's address."),
        _("Check the address for typing errors. If need be, call the recipient and check the address together."),
    ),
    "MAILBOX_DISABLED": Explanation(
        _("The recipient's address is switched off"),
        _("The address exists, but takes no mail at present."),
        _("Reach the recipient in another way, and send the mail again when the address is active."),
    ),
    "DOMAIN_DISABLED": Explanation(
        _("Mail for the recipient's domain is switched off"),
        _("The domain is hosted here, but takes no mail at present."),
        _("Reach the recipient in another way, and send the mail again when the domain is active."),
    ),
    "ROUTING_DIFFERS": Explanation(
        _("The recipient's address is being changed"),
        _("The recipient's address was changed at that very moment, and not all parts of this site knew of it yet."),
        _("Nothing need be done: your server tries again by itself."),
    ),
    "REFUSED_BY_MTA": Explanation(
        _("The recipient's address was refused"),
        _("Our mail server cannot deliver to this address. The reply gives its reason."),
        _("Check the address. If it is right, report the refusal to us."),
    ),
    "DEFERRED_BY_MTA": Explanation(
        _("The recipient cannot be reached at present"),
        _("Our mail server cannot deliver to this address at present. The reply gives its reason."),
        _("Nothing need be done: your server tries again by itself."),
    ),
    "TOO_MANY_TO_RECIPIENT": Explanation(
        _("Too many mails to this recipient"),
        _("More mails came for this recipient within a certain time than one mailbox should get."),
        _(
            "Mails that were put off arrive later: your server tries again by itself. If a program of yours "
            "sends them, let it send fewer."
        ),
    ),
    "MAILBOX_FULL": Explanation(
        _("The recipient's mailbox is full"),
        _("The recipient's mailbox has no room for this mail."),
        _(
            "Your server tries again by itself for some days. Tell the recipient in another way that the "
            "mailbox is full."
        ),
    ),
}
