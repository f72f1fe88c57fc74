"""The one password hash of the platform: Argon2id with parameters that Dovecot's single auth process can afford.

Measured: 14-19 ms per login, against about 100 ms with the libraries' defaults; they are OWASP's second choice.
"""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class MailArgon2Hasher(Argon2PasswordHasher):
    """Stored as `argon2$argon2id$v=19$…`; the view `engine.dovecot_user` makes it `{ARGON2ID}$argon2id$v=19$…`."""

    time_cost = 2
    memory_cost = 19456  # KiB
    parallelism = 1
