"""Each daemon's role can use what it needs and nothing more: the whole matrix, and a real login as that daemon."""

from __future__ import annotations

import subprocess

import pytest
from django.db import connection

from mailcenter.settings.identities import OWNER_ROLE, ROLE_OF_USER, TENANT_ROLE

CRUD = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
READ = frozenset({"SELECT"})

EXPECTED: dict[str, dict[str, frozenset[str]]] = {
    "mc_postfix": {
        "postfix_domain": READ,
        "postfix_mailbox": READ,
        "postfix_alias": READ,
        "postfix_own": READ,
        "postfix_human": READ,
    },
    "mc_dovecot": {
        "dovecot_user": READ,
        "dovecot_delivery": READ,
        "dovecot_usage": frozenset({"SELECT", "INSERT", "UPDATE"}),  # stays empty: see mailbox_usage.sql
    },
    "mc_gate": {
        "gate_recipient": READ,
        "gate_domain": READ,
        "gate_sender": READ,
        "gate_rule": READ,
        "gate_network": READ,
        "gate_sender_entry": READ,
        "gate_treatment": READ,
        "gate_ban": READ,
    },
    "mc_ledger": {},
    "mc_guard": {},
    "mc_logins": {"login_account": READ},
    "mc_certs": {"hosted_domain": READ},
    "mc_sessions": {"directory_sessionend": frozenset({"SELECT", "DELETE"})},
    "mc_notices": {"notice_reader": READ, "postfix_alias": READ},
    "mc_web": {},  # asks as mc_center, or as mc_platform
    "mc_center": {
        "directory_organisation": CRUD,
        "directory_user": CRUD,
        "directory_user_domains": CRUD,
        "directory_domain": CRUD,
        "directory_mailbox": CRUD,
        "directory_alias": CRUD,
        "directory_aliasdestination": CRUD,
        "directory_apikey": CRUD,
        "directory_apppassword": CRUD,
        "directory_rulesetting": CRUD,
        "directory_passwordpolicy": CRUD,
        "directory_networkentry": CRUD,
        "directory_senderentry": CRUD,
        "directory_refusalreport": CRUD,
        "directory_ban": CRUD,
        "directory_secondfactor": CRUD,
        "directory_recoverycode": CRUD,
        "directory_address": READ,
        "directory_loginrecord": frozenset({"SELECT", "DELETE"}),
        "directory_loginnetwork": frozenset({"SELECT", "DELETE"}),
        "directory_mailboxusage": frozenset({"SELECT", "DELETE"}),
        "directory_auditentry": frozenset({"SELECT", "INSERT"}),
        "directory_websession": CRUD,
    },
}
"""All rights on relations of the directory and of Django; what the ledger grants is its own tests' matter."""

_RIGHTS = """
    SELECT relation.relname, privilege
    FROM pg_class relation
    JOIN pg_namespace schema ON schema.oid = relation.relnamespace
    CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) privilege
    WHERE schema.nspname IN ('public', 'engine') AND relation.relkind IN ('r', 'v', 'm', 'p')
      AND relation.relname NOT LIKE 'ledger\\_%%'
      AND has_table_privilege(%s, relation.oid, privilege)
"""


@pytest.mark.parametrize("role", sorted(EXPECTED))
def test_rights_of_the_role(role: str, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_RIGHTS, [role])
        rights: dict[str, set[str]] = {}
        for relation, privilege in cursor.fetchall():
            rights.setdefault(relation, set()).add(privilege)
    assert rights == EXPECTED[role]


def test_every_role_has_its_row() -> None:
    assert set(EXPECTED) == set(ROLE_OF_USER.values()) - {OWNER_ROLE} | {TENANT_ROLE}


@pytest.mark.parametrize("role", sorted(EXPECTED))
def test_no_role_may_make_anything(role: str, db: None) -> None:
    with connection.cursor() as cursor:
        for schema in ("public", "engine"):
            cursor.execute("SELECT has_schema_privilege(%s, %s, 'CREATE')", [role, schema])
            assert cursor.fetchone() == (False,)
        cursor.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = %s", [role]
        )
        # The ledger's role, which has rights on the ledger alone, writes by COPY; row-level security refuses that.
        assert cursor.fetchone() == (False, False, False, role == "mc_ledger")


def _as_daemon(user: str, statement: str) -> subprocess.CompletedProcess[str]:
    database = connection.settings_dict
    command = ["psql", "-h", str(database["HOST"]), "-p", str(database["PORT"]), "-U", ROLE_OF_USER[user]]
    return subprocess.run(
        ["runuser", "-u", user, "--", *command, "-d", str(database["NAME"]), "-XAtc", statement],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
        cwd="/",
    )


@pytest.mark.parametrize(
    ("user", "own_view"),
    [("postfix", "postfix_mailbox"), ("dovecot", "dovecot_user"), ("mailcenter-gate", "gate_recipient")],
)
def test_logged_in_as_the_daemon(user: str, own_view: str, db: None) -> None:
    allowed = _as_daemon(user, f"SELECT count(*) FROM engine.{own_view}")  # noqa: S608 - own names
    assert (allowed.returncode, allowed.stdout.strip()) == (0, "0"), allowed.stderr
    for statement in (
        "SELECT password FROM directory_user",
        "SELECT hash FROM directory_apikey",
        "SELECT * FROM engine.domain_form",
        "UPDATE directory_user SET password = ''",
        "SET ROLE mc_owner",
    ):
        refused = _as_daemon(user, statement)
        assert refused.returncode == 1
        assert "permission denied" in refused.stderr, statement


def test_postfix_reads_no_passwords(db: None) -> None:
    refused = _as_daemon("postfix", "SELECT password FROM engine.login_account")
    assert "permission denied for view login_account" in refused.stderr


def test_the_center_has_no_rights_but_those_of_two_roles(db: None) -> None:
    """A real login: it may become one of the two roles, and has no rights before."""
    count = "SELECT count(*) FROM directory_user"
    for before in ("", "SET ROLE mc_owner; ", "SET ROLE mc_ledger; "):
        refused = _as_daemon("mailcenter-center", before + count)
        assert "permission denied" in refused.stderr
    for role in ("mc_center", "mc_platform"):
        assert _as_daemon("mailcenter-center", f"SET ROLE {role}; {count}").returncode == 0
