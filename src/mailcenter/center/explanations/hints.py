"""Useful hints, each for several replies."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HINTS: Final[dict[str, Promise | str]] = {
    "login": _(
        "In Outlook: Account Settings, More Settings, Outgoing Server, then tick “My outgoing server (SMTP) "
        "requires authentication”."
    ),
    "mx": _("“dig MX DOMAIN” shows the mail servers of a domain."),
    "ptr": _("“dig -x ADDRESS” shows the name of an address; “dig A NAME” must lead back to it."),
    "helo": _("In Postfix the name is the setting myhostname; in Exchange the FQDN of the send connector."),
    "dmarc": _("“dig TXT _dmarc.DOMAIN” shows what a domain asks for; “dig TXT DOMAIN” shows its SPF."),
    "misuse": _("Look in your mail log for mails that none of your users has sent, and for logins from abroad."),
    "cached": _("Answers of block lists are kept for a while: after a removal it can take an hour until we see it."),
    "tools": _(
        "These pages check the DNS and block lists of a server: www.intodns.com, www.dnsqueries.com, "
        "www.dnsstuff.com, www.iptools.com."
    ),
}
