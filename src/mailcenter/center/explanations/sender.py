"""Replies about the sender: MAIL FROM, the author, and the domain of either."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from mailcenter.center.explanations.explanation import Explanation

EXPLANATIONS: Final[dict[str, Explanation]] = {
    "BAD_SENDER": Explanation(
        _("The sender's address cannot be used"),
        _("The address given as sender (MAIL FROM) is not a valid mail address. The reply says what is wrong with it."),
        _("Correct the sender's address in the mail program or in the server that sends, then send the mail again."),
    ),
    "LOGIN_REQUIRED": Explanation(
        _("Log in before you send"),
        _("A mail program wanted to send through this server without logging in."),
        _(
            "Switch on authentication for outgoing mail in the mail program, with the same user name and "
            "password as for incoming mail. Servers of other sites use port 25."
        ),
        ("login",),
    ),
    "TOO_MANY_SESSIONS": Explanation(
        _("Too many programs send for this account at once"),
        _(
            "The account has as many connections for sending as it may have, from all its devices together. Sometimes "
            "a program forgets to close its connections, and sometimes a stranger knows the password."
        ),
        _(
            "Close programs that you do not need and send again after some minutes. Where you cannot account for that "
            "many, change the password."
        ),
    ),
    "SESSION_ENDED": Explanation(
        _("The mail program must log in again"),
        _(
            "The account's running sessions were ended while a mail program was sending: the password was changed, an "
            "app password was ended, or the account was closed. That happens after a restart of the database, too."
        ),
        _("Mail programs log in again by themselves. Where one does not get in, enter the present password there."),
    ),
    "NOT_YOUR_ADDRESS": Explanation(
        _("The sender's address is not yours"),
        _("The mail program logged in with one account and gave the address of somebody else as sender."),
        _(
            "Use an address of your own account as sender, or log in with the account that the address belongs "
            "to. Your provider can add further addresses to your account."
        ),
        ("login",),
    ),
    "AUTHOR_NOT_YOURS": Explanation(
        _("The author's address is not yours"),
        _("The address in the field From belongs to another account than the one that logged in."),
        _("Choose an address of your own account in the field From of your mail program."),
    ),
    "NO_SENDER_DOMAIN": Explanation(
        _("The sender's domain cannot take mail"),
        _(
            "The domain of the sender's address has neither an MX record nor an address in the DNS. No answer "
            "and no error message could ever reach the sender."
        ),
        _(
            "Check the sender's address for typing errors. If the domain is yours, publish an MX record for it. "
            "The DNS may take some hours until everybody sees a change."
        ),
        (
            "mx",
            "tools",
        ),
    ),
    "SENDER_TAKES_NO_MAIL": Explanation(
        _("The sender's domain says that it takes no mail"),
        _(
            "The domain of the sender's address publishes a null MX record (RFC 7505): it never takes mail, so "
            "that nobody could answer."
        ),
        _("Send with an address whose domain takes mail, or remove the null MX record of the domain."),
        ("mx",),
    ),
    "SENDER_DENIED": Explanation(
        _("The recipient does not want mail from this sender"),
        _(
            "The recipient, or somebody who manages the recipient's domain, has put the sender on the list of "
            "those who are refused."
        ),
        _("Ask the recipient in another way, for example by telephone, to take the sender off the list."),
    ),
    "DISOWNED_BY_AUTHOR": Explanation(
        _("The author's domain does not stand by this mail"),
        _(
            "The domain in the field From asks all servers to refuse mail that neither SPF nor DKIM proves to "
            "be from it (DMARC, RFC 9989). That proof was missing or did not fit the domain."
        ),
        _(
            "If you run the domain: sign its mail with DKIM under the same domain and enter all sending servers "
            "in SPF. If you forward mail: keep it unchanged so that the signature stays valid. If you write "
            "through a newsletter service: set it up for your domain."
        ),
        ("dmarc",),
    ),
    "TOO_MANY_FROM_SENDER": Explanation(
        _("Too many mails from this sender"),
        _("More mails came from this sender's address within a certain time than are taken from one sender."),
        _(
            "Send circulars more slowly, or through a mailing list. Mails that were put off arrive later: "
            "your server tries again by itself."
        ),
    ),
}
