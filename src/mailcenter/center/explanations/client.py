"""Replies about the server that sends: its address, its name, the lists it is on."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from mailcenter.center.explanations.explanation import Explanation

EXPLANATIONS: Final[dict[str, Explanation]] = {
    "NETWORK_REFUSED": Explanation(
        _("Mail from this network is not taken"),
        _(
            "The operators of this site have put the network of the sending server on their list of refused "
            "networks, mostly because of attacks or spam from there."
        ),
        _("Make sure that nobody misuses your server, then report to us what you have found and done."),
        ("misuse",),
    ),
    "BLACKLISTED": Explanation(
        _("The sending server is on a block list"),
        _(
            "The address of the sending server is on one or more block lists, which the reply names in "
            "brackets. We neither run these lists nor influence what stands on them."
        ),
        _(
            "Make sure that nobody misuses your server for spam. Then ask the keeper of the list to remove your "
            "address. The refusal is temporary: your server tries again by itself, and the mail arrives once "
            "the entry is gone."
        ),
        (
            "misuse",
            "cached",
            "tools",
        ),
    ),
    "BLACKLISTED_FOR_SURE": Explanation(
        _("The sending server is on several block lists"),
        _(
            "The address of the sending server is on block lists that leave no doubt together; the reply names "
            "them in brackets. We neither run these lists nor influence what stands on them."
        ),
        _(
            "Make sure that nobody misuses your server for spam. Then ask the keepers of the lists to remove "
            "your address, and send the mail again."
        ),
        (
            "misuse",
            "cached",
            "tools",
        ),
    ),
    "NO_REVERSE_DNS": Explanation(
        _("The sending server has no name in the DNS"),
        _("The address of the sending server has no reverse DNS record (PTR). Servers that send mail must have one."),
        _(
            "Ask the provider of the address to publish a reverse DNS record with the full name of your server. "
            "The name must lead back to the address."
        ),
        (
            "ptr",
            "tools",
        ),
    ),
    "REVERSE_DNS_DIFFERS": Explanation(
        _("The name of the sending server does not lead back to it"),
        _(
            "The reverse DNS of the sending server's address gives a name, but in the DNS this name has other "
            "addresses, or none."
        ),
        _(
            "Publish an A or AAAA record for the name that holds the address of your server, or have the "
            "reverse DNS record corrected."
        ),
        (
            "ptr",
            "tools",
        ),
    ),
    "FALSE_HELO": Explanation(
        _("The sending server greeted with a false name"),
        _("In its greeting (HELO or EHLO) the sending server gave a name that cannot be its own, as the reply says."),
        _(
            "Set the host name of your mail server to its full name in the DNS, best the one that its reverse "
            "DNS gives."
        ),
        (
            "helo",
            "ptr",
        ),
    ),
    "NO_DNS_ANSWER": Explanation(
        _("The DNS did not answer"),
        _("To judge the mail we asked the DNS, and it did not answer in time."),
        _(
            "Nothing need be done at first: your server tries again by itself. If it stays so, check whether "
            "the name servers of your domain and of your address answer."
        ),
        (
            "mx",
            "ptr",
            "tools",
        ),
    ),
    "BANNED": Explanation(
        _("The sending server is shut out for a while"),
        _(
            "Mail from the network of the sending server had to be refused many times within a short time: to "
            "addresses that do not exist, from a server with a bad reputation, or with errors that no mail server "
            "makes. So the network is shut out for a while. Each further time lasts longer."
        ),
        _(
            "Make sure that nobody misuses your server, and remove addresses that do not exist from your lists. The "
            "ban ends by itself; your server tries again, and mails that were put off arrive later."
        ),
        (
            "misuse",
            "tools",
        ),
    ),
    "GREYLISTED": Explanation(
        _("The sending server is not known here yet"),
        _(
            "The first mail of an unknown server to a recipient is put off for a moment. Mail servers try again by "
            "themselves, most programs that send spam do not."
        ),
        _(
            "You need do nothing: your server tries again by itself, and then the mail is taken. After that its mails "
            "are not put off any more. A mail that is proven by SPF or DKIM, from a domain whose mail was welcome "
            "before, is not put off at all."
        ),
        ("tools",),
    ),
    "TOO_MANY_FROM_CLIENT": Explanation(
        _("Too many mails from the sending server"),
        _(
            "The sending server wanted to send more mails within a certain time than are taken from one "
            "server. That points to spam, a virus, or misuse of the server."
        ),
        _(
            "Make sure that nobody misuses your server. Lower the number of mails that it sends at once. "
            "Mails that were put off arrive later: your server tries again by itself."
        ),
        (
            "misuse",
            "tools",
        ),
    ),
}
