"""The functions that Postfix and Dovecot ask say what the views say, to whom may read the views and to nobody else."""

from __future__ import annotations

import pytest
from django.db import connection

from mailcenter.actions.aliases import change_alias, create_alias
from mailcenter.actions.domains import change_domain, create_domain
from mailcenter.actions.mailboxes import create_mailbox
from mailcenter.policy.facts import HUMAN_NAMES, SYSTEM_NAMES
from tests.database.world import PASSWORD, ROOT, Tenant

_POSTFIX = {
    # function: view, its column that is asked for, its column that is the answer (or only that there is one)
    "ask_postfix_domain": ("postfix_domain", "name", "'1'"),
    "ask_postfix_mailbox": ("postfix_mailbox", "address", "'1'"),
    "ask_postfix_alias": ("postfix_alias", "address", "destination"),
}
_WHO = {f"{function}(text)": "mc_postfix" for function in _POSTFIX} | {"ask_dovecot_delivery(text, text)": "mc_dovecot"}
_ROLES = ("mc_postfix", "mc_dovecot", "mc_gate", "mc_ledger", "mc_center")


@pytest.fixture(autouse=True)
def unicode_addresses(ours: Tenant) -> None:
    """A domain with two spellings, a mailbox with four, an alias that leads to a name beyond ASCII, and a catch-all."""
    domain = create_domain(actor=ROOT, organisation=ours.organisation, name="Bücher.example")
    create_mailbox(actor=ROOT, address="post@bücher.example", password=PASSWORD)
    create_mailbox(actor=ROOT, address="büro@bücher.example", password=PASSWORD)
    create_alias(actor=ROOT, address="alle@bücher.example", destinations=["büro@bücher.example", "team@ours.example"])
    change_domain(actor=ROOT, domain=domain, catch_all="büro@bücher.example")


def as_latin_1(text: str) -> str:
    """How Postfix 3.7 hands UTF-8 over, and takes it."""
    return text.encode("utf-8").decode("latin-1")


@pytest.mark.parametrize("function", sorted(_POSTFIX))
def test_function_says_what_the_view_says_in_the_form_that_postfix_speaks(function: str) -> None:
    view, asked, answer = _POSTFIX[function]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}, {answer} FROM engine.{view}")  # noqa: S608 - own names
        expected = cursor.fetchall()
        assert any(not wanted.isascii() for wanted, _ in expected)
        for wanted, _unused in expected:
            cursor.execute(f"SELECT engine.{function}(%s)", (as_latin_1(wanted),))
            told = sorted(row[0] for row in cursor.fetchall())
            assert told == sorted(as_latin_1(found) for other, found in expected if other == wanted), wanted
        for stranger in ("nobody@nowhere.example", as_latin_1("niemand@nirgendwö.example"), ""):
            cursor.execute(f"SELECT count(*) FROM engine.{function}(%s)", (stranger,))  # noqa: S608 - own names
            assert cursor.fetchone() == (0,)


def test_dovecot_hears_of_a_mailbox_by_each_of_its_addresses() -> None:
    """Also by the one to which Postfix rewrites a local part beyond ASCII."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, home FROM engine.dovecot_delivery")
        homes = dict(cursor.fetchall())
        assert {"büro@bücher.example", "büro@xn--bcher-kva.example", "post@bücher.example"} < homes.keys()
        spelled = "utf8=" + "büro".encode().hex() + "@xn--bcher-kva.example"
        for address, name in [*((one, one) for one in homes), (spelled, "büro@xn--bcher-kva.example")]:
            cursor.execute('SELECT "user", home FROM engine.ask_dovecot_delivery(%s, %s)', (address, "/mail/"))
            assert cursor.fetchall() == [(name, f"/mail/{homes[name]}")]
        for stranger in ("nobody@nowhere.example", "utf8=00ff", "utf8=6@bücher.example", ""):
            cursor.execute("SELECT count(*) FROM engine.ask_dovecot_delivery(%s, '')", (stranger,))
            assert cursor.fetchone() == (0,)


def test_postmaster_and_abuse_always_lead_to_somebody(ours: Tenant) -> None:
    """To the host's postmaster where nobody of the domain is; a catch-all does not get what is switched off."""

    def told(address: str) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT engine.ask_postfix_alias(%s)", (address,))
            return [row[0] for row in cursor.fetchall()]

    for name in sorted(HUMAN_NAMES):
        assert told(f"{name}@ours.example") == ["postmaster"], name
    assert told("postmaster@bücher.example".encode().decode("latin-1")) == []  # but for the catch-all
    assert told("postmaster@nowhere.example") == []
    for name in sorted(SYSTEM_NAMES - HUMAN_NAMES):
        assert told(f"{name}@ours.example") == [], name
    alias = create_alias(actor=ROOT, address="abuse@ours.example", destinations=["post@ours.example"])
    assert told("abuse@ours.example") == ["post@ours.example"]
    change_alias(actor=ROOT, alias=alias, is_active=False)
    change_domain(actor=ROOT, domain=alias.domain, catch_all="post@ours.example")
    assert told("abuse@ours.example") == ["postmaster"]
    assert told("postmaster@ours.example") == []
    change_domain(actor=ROOT, domain=alias.domain, is_active=False)
    assert told("abuse@ours.example") == []


def test_only_a_mailbox_with_a_quota_is_counted(ours: Tenant) -> None:
    asked = "SELECT quota_rule, quota_clone_dict FROM engine.ask_dovecot_delivery('post@ours.example', '')"
    with connection.cursor() as cursor:
        for quota, told in ((0, ("*:bytes=0", None)), (5000, ("*:bytes=5000", "proxy::usage"))):
            ours.mailbox.quota_bytes = quota
            ours.mailbox.save()
            cursor.execute(asked)
            assert cursor.fetchall() == [told]


@pytest.mark.parametrize("function", sorted(_WHO))
@pytest.mark.parametrize("role", _ROLES)
def test_only_those_who_may_read_the_view_may_ask(function: str, role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_function_privilege(%s, %s, 'EXECUTE')", (role, f"engine.{function}"))
        assert cursor.fetchone() == (role == _WHO[function],)
