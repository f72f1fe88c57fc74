"""The functions that Postfix and Dovecot ask say what the views say, to whom may read the views and to nobody else."""

from __future__ import annotations

import pytest
from django.db import connection

from mailcenter.actions.domains import create_domain
from mailcenter.actions.mailboxes import create_mailbox
from tests.database.world import PASSWORD, ROOT, Tenant

_LOOKUPS = {
    # function: view, its column that is asked for, its column that is the answer, who may ask
    "ask_postfix_domain": ("postfix_domain", "name", "name", "mc_postfix"),
    "ask_postfix_mailbox": ("postfix_mailbox", "address", "address", "mc_postfix"),
    "ask_postfix_alias": ("postfix_alias", "address", "destination", "mc_postfix"),
    "ask_dovecot_user": ("dovecot_user", "address", "dovecot_user.*", "mc_dovecot"),
    "ask_dovecot_treatment": ("dovecot_treatment", "storage_key", "dovecot_treatment.*", "mc_dovecot"),
}
_ROLES = ("mc_postfix", "mc_dovecot", "mc_gate", "mc_ledger", "mc_center")


@pytest.mark.parametrize("function", sorted(_LOOKUPS))
def test_function_says_what_the_view_says(function: str, ours: Tenant) -> None:
    create_domain(actor=ROOT, organisation=ours.organisation, name="Bücher.example")
    create_mailbox(actor=ROOT, address="post@bücher.example", password=PASSWORD)
    view, asked, answer, _ = _LOOKUPS[function]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}, ({answer})::text FROM engine.{view}")  # noqa: S608 - own names
        expected = cursor.fetchall()
        assert expected
        for wanted, _unused in expected:
            cursor.execute(f"SELECT found::text FROM engine.{function}(%s) found", (wanted,))  # noqa: S608 - own names
            assert sorted(cursor.fetchall()) == sorted((told,) for other, told in expected if other == wanted)
        cursor.execute(f"SELECT count(*) FROM engine.{function}('nobody@nowhere.example')")  # noqa: S608 - own names
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("function", sorted(_LOOKUPS))
@pytest.mark.parametrize("role", _ROLES)
def test_only_those_who_may_read_the_view_may_ask(function: str, role: str, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_function_privilege(%s, %s, 'EXECUTE')", (role, f"engine.{function}(text)"))
        assert cursor.fetchone() == (role == _LOOKUPS[function][3],)
