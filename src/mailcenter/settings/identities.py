"""Operating-system users and the database roles they log in as.

Peer authentication over the unix socket: there are no database passwords.
"""

from __future__ import annotations

DATABASE = "mailcenter"
POSTGRES_PORT = 5432  # only names the socket file; PostgreSQL listens on no network address

OWNER_ROLE = "mc_owner"
"""Owns the schema: migrations and the command line (root)."""

CENTER_ROLE = "mc_web"
"""As whom the control center logs in; it has no rights but to ask as one of the next two."""
TENANT_ROLE = "mc_center"
"""Has the center's rights on tables, and sees the rows of who acts (row-level security)."""
PLATFORM_ROLE = "mc_platform"
"""Has the same rights, and sees all rows."""

GATE_USER = "mailcenter-gate"
LEDGER_USER = "mailcenter-ledger"
CENTER_USER = "mailcenter-center"
NOTICES_USER = "mailcenter-notices"
GUARD_USER = "mailcenter-guard"
LOGINS_USER = "mailcenter-logins"
CERTIFICATES_USER = "mailcenter-certs"
VMAIL_USER = "mailcenter-mail"
WEB_SERVER_USER = "www-data"
"""nginx's workers."""

REDIS_USER = "gate"
"""As whom the gate logs in to Redis; its password is a secret of this state."""
GUARD_REDIS_USER = "guard"
"""As whom the guard does."""
REDIS_DATABASE = 1
"""Of gate and guard; Rspamd has database 0."""

ROLE_OF_USER: dict[str, str] = {
    "root": OWNER_ROLE,
    "postfix": "mc_postfix",
    "dovecot": "mc_dovecot",
    GATE_USER: "mc_gate",
    LEDGER_USER: "mc_ledger",
    CENTER_USER: CENTER_ROLE,
    NOTICES_USER: "mc_notices",
    GUARD_USER: "mc_guard",
    LOGINS_USER: "mc_logins",
    CERTIFICATES_USER: "mc_certs",
    VMAIL_USER: "mc_sessions",
}
