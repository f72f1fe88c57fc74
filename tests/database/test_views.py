"""The views that Postfix, Dovecot and the gate read, after real actions."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from mailcenter.actions.aliases import change_alias, create_alias
from mailcenter.actions.domains import change_domain, create_domain
from mailcenter.actions.mailboxes import change_mailbox, create_mailbox
from mailcenter.actions.users import change_user
from mailcenter.directory.models import Alias, User
from tests.database.world import PASSWORD, ROOT, Tenant

UNICODE_FORM = "post@bücher.example"
A_LABEL_FORM = "post@xn--bcher-kva.example"


def rows(view: str, *columns: str, where: str = "true", values: tuple[Any, ...] = ()) -> set[Any]:
    """The view's rows as tuples, or plain values for one column."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM engine.{view} WHERE {where}", values)  # noqa: S608 - own names
        found = cursor.fetchall()
    return {row[0] if len(columns) == 1 else tuple(row) for row in found}


@pytest.fixture
def international(ours: Tenant) -> Tenant:
    """With an internationalised domain, and `post@` in it."""
    create_domain(actor=ROOT, organisation=ours.organisation, name="Bücher.example")
    create_mailbox(actor=ROOT, address="Post@BÜCHER.example", password=PASSWORD)
    return ours


def test_domains_in_both_spellings(international: Tenant) -> None:
    expected = {"ours.example", "ours-second.example", "bücher.example", "xn--bcher-kva.example"}
    assert rows("postfix_domain", "name") == expected
    assert rows("gate_domain", "name") == expected


def test_a_domain_switched_off(ours: Tenant) -> None:
    change_domain(actor=ROOT, domain=ours.domain, is_active=False)
    assert rows("postfix_domain", "name") == {"ours-second.example"}
    assert rows("postfix_mailbox", "address") == rows("postfix_alias", "address") == set()
    assert ("ours.example", False) in rows("gate_domain", "name", "active")
    assert rows("gate_recipient", "address", "active") == {("post@ours.example", False), ("team@ours.example", False)}
    assert rows("dovecot_user", "active") == {False}
    assert rows("gate_sender", "address") == set()


def test_mailboxes_in_both_spellings(international: Tenant) -> None:
    assert rows("postfix_mailbox", "address") == {"post@ours.example", UNICODE_FORM, A_LABEL_FORM}
    assert rows("dovecot_user", "address") == {"post@ours.example", UNICODE_FORM, A_LABEL_FORM}
    homes = rows("dovecot_user", "home", where="address IN (%s, %s)", values=(UNICODE_FORM, A_LABEL_FORM))
    assert len(homes) == 1, "one mailbox has one home, however it is addressed"


def test_home_is_store_domain_and_key(ours: Tenant) -> None:
    mailbox = ours.mailbox
    home = f"{mailbox.store}/{ours.domain.pk}/{mailbox.storage_key}"
    assert rows("dovecot_user", "home", "store", "storage_key", "quota_bytes", "active") == {
        (home, mailbox.store, str(mailbox.storage_key), 0, True)
    }


def test_hashes_are_for_the_logins_daemon_alone(international: Tenant) -> None:
    stored = User.objects.get(login=A_LABEL_FORM).password
    assert rows("login_account", "password", where="address = %s", values=(UNICODE_FORM,)) == {stored}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM engine.dovecot_user")
        assert "password" not in {column.name for column in cursor.description or ()}


def test_a_hash_is_renewed_only_from_the_one_that_was_seen(ours: Tenant) -> None:
    def renew(known: str, fresh: str) -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT engine.renew_password_hash(%s, %s, %s)", [ours.owner.pk, known, fresh])
        return User.objects.get(pk=ours.owner.pk).password

    User.objects.filter(pk=ours.owner.pk).update(password="imported$crypt$x")
    assert renew("imported$crypt$y", "argon2$argon2id$new") == "imported$crypt$x"
    assert renew("imported$crypt$x", "plain") == "imported$crypt$x"
    assert renew("imported$crypt$x", "argon2$argon2id$new") == "argon2$argon2id$new"


def test_no_password_given_lets_nobody_in(ours: Tenant) -> None:
    (stored,) = rows("login_account", "password")
    assert str(stored).startswith("!")


def test_a_mailbox_switched_off_is_unknown_to_postfix_and_named_by_the_gate(ours: Tenant) -> None:
    change_mailbox(actor=ROOT, mailbox=ours.mailbox, is_active=False)
    assert rows("postfix_mailbox", "address") == set()
    assert rows("gate_recipient", "address", "kind", "active") == {
        ("post@ours.example", "mailbox", False),
        ("team@ours.example", "alias", True),
    }
    assert rows("dovecot_user", "active") == {False}
    assert rows("gate_sender", "login") == set()


def test_an_owner_who_may_not_log_in_still_gets_mail(ours: Tenant) -> None:
    change_user(actor=ROOT, user=ours.owner, is_active=False)
    assert rows("postfix_mailbox", "address") == {"post@ours.example"}
    assert rows("dovecot_user", "active") == {False}
    assert rows("gate_sender", "login") == set()


def test_a_row_per_destination(ours: Tenant) -> None:
    destinations = ["post@ours.example", "somebody@elsewhere.test"]
    change_alias(actor=ROOT, alias=ours.alias, destinations=destinations)
    team = "address = 'team@ours.example'"
    assert rows("postfix_alias", "destination", where=team) == set(destinations)
    change_alias(actor=ROOT, alias=ours.alias, is_active=False)
    assert rows("postfix_alias", "destination", where=team) == {"team@ours.example"}


def test_a_mailbox_is_its_own_alias(ours: Tenant) -> None:
    """Postfix would ask for the domain's catch-all for each mail otherwise."""
    own = "address = 'post@ours.example'"
    assert rows("postfix_alias", "destination", where=own) == {"post@ours.example"}


def test_catch_all_swallows_neither_mailboxes_nor_what_is_switched_off(international: Tenant) -> None:
    domain = international.domain
    off = create_mailbox(actor=ROOT, address="off@ours.example")
    quiet = create_alias(actor=ROOT, address="quiet@ours.example", destinations=["x@elsewhere.test"])
    change_mailbox(actor=ROOT, mailbox=off, is_active=False)
    change_alias(actor=ROOT, alias=quiet, is_active=False)
    change_domain(actor=ROOT, domain=domain, catch_all="post@ours.example")
    assert rows("postfix_alias", "address", "destination") == {
        ("@ours.example", "post@ours.example"),
        ("post@ours.example", "post@ours.example"),
        ("team@ours.example", "post@ours.example"),
        ("off@ours.example", "off@ours.example"),
        ("quiet@ours.example", "quiet@ours.example"),
        (A_LABEL_FORM, A_LABEL_FORM),
        (UNICODE_FORM, A_LABEL_FORM),
    }
    assert ("@ours.example", "catch-all", None, True) in rows(
        "gate_recipient", "address", "kind", "mailbox_id", "active"
    )
    change_domain(actor=ROOT, domain=domain, catch_all=None)
    assert "@ours.example" not in rows("postfix_alias", "address")


def test_catch_all_of_an_internationalised_domain(international: Tenant) -> None:
    domain = User.objects.get(login=A_LABEL_FORM).mailbox.domain
    change_domain(actor=ROOT, domain=domain, catch_all="post@ours.example")
    catch_all = {address for address in rows("postfix_alias", "address") if address.startswith("@")}
    assert catch_all == {"@bücher.example", "@xn--bcher-kva.example"}
    own = {(UNICODE_FORM, A_LABEL_FORM), (A_LABEL_FORM, A_LABEL_FORM)}
    assert own < rows("postfix_alias", "address", "destination")


def test_each_spelling_leads_to_one_that_dovecot_takes(international: Tenant) -> None:
    create_mailbox(actor=ROOT, address="jürgen@bücher.example")
    spelled = "utf8=" + "jürgen".encode().hex() + "@xn--bcher-kva.example"
    assert rows("postfix_alias", "address", "destination") == {
        ("team@ours.example", "post@ours.example"),
        ("post@ours.example", "post@ours.example"),
        (UNICODE_FORM, A_LABEL_FORM),
        (A_LABEL_FORM, A_LABEL_FORM),
        ("jürgen@bücher.example", spelled),
        ("jürgen@xn--bcher-kva.example", spelled),
    }


def test_recipients_carry_the_ids_of_their_tenant(ours: Tenant, theirs: Tenant) -> None:
    columns = ("organisation_id", "domain_id", "mailbox_id")
    ids = (ours.organisation.pk, ours.domain.pk)
    assert rows("gate_recipient", *columns, where="address = 'post@ours.example'") == {(*ids, ours.mailbox.pk)}
    assert rows("gate_recipient", *columns, where="address = 'team@ours.example'") == {(*ids, None)}


def test_sender_addresses_are_ones_own_and_those_of_aliases_of_the_organisation(
    international: Tenant, theirs: Tenant
) -> None:
    create_alias(actor=ROOT, address="sales@ours.example", destinations=[UNICODE_FORM, "post@ours.example"])
    create_alias(actor=ROOT, address="ours@theirs.example", destinations=["post@ours.example"])
    expected = {"post@ours.example", "team@ours.example", "sales@ours.example"}
    assert rows("gate_sender", "address", where="login = 'post@ours.example'") == expected
    own = {A_LABEL_FORM, UNICODE_FORM, "sales@ours.example"}
    for login in (A_LABEL_FORM, UNICODE_FORM):
        assert rows("gate_sender", "address", where="login = %s", values=(login,)) == own


def test_an_alias_switched_off_is_no_sender_address(ours: Tenant) -> None:
    change_alias(actor=ROOT, alias=ours.alias, is_active=False)
    assert rows("gate_sender", "address") == {"post@ours.example"}


LOOKUPS = [
    ("postfix_mailbox", "address"),
    ("postfix_alias", "address"),
    ("postfix_own", "address"),
    ("dovecot_user", "address"),
    ("dovecot_delivery", "address"),
    ("gate_recipient", "address"),
    ("gate_sender", "login"),
]


def test_lookups_use_the_index_on_addresses(ours: Tenant) -> None:
    """A refusal of an unknown recipient must cost next to nothing, however many mailboxes there are."""
    Alias.objects.bulk_create(Alias(domain=ours.domain, local_part=f"a{number}") for number in range(2000))
    with connection.cursor() as cursor:
        for table in ("address", "alias", "aliasdestination", "domain", "mailbox", "user"):
            cursor.execute(f"ANALYZE directory_{table}")
        for view, column in LOOKUPS:
            cursor.execute(f"EXPLAIN SELECT * FROM engine.{view} WHERE {column} = 'x@ours.example'")  # noqa: S608
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Index Cond: ((address)::text = 'x@ours.example'::text)" in plan, f"{view}:\n{plan}"
            assert "Seq Scan on directory_address" not in plan, f"{view}:\n{plan}"
