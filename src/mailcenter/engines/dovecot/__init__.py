"""Dovecot: mailboxes (IMAP, POP3, LMTP, Sieve) and the logins of submission.

`v2_3/` holds the templates for the syntax of 2.3; 2.4 has another one, and would get a folder beside it.
"""

from __future__ import annotations

from mailcenter.engines.dovecot.engine import Dovecot

ENGINE = Dovecot()
