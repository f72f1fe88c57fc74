"""The history of logins in PostgreSQL: whose it is, what is told to the owner and how often, and who sees it."""

from __future__ import annotations

import json
import time
from secrets import randbelow
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from mailcenter.actions import Actor, NotAllowedError, NotFoundError
from mailcenter.actions.lockouts import OWN_LIFTS, lift_lockout, lock_out, lockouts
from mailcenter.actions.networks import create_network
from mailcenter.directory.models import AuditEntry, Ban, LoginNetwork, LoginRecord, User
from mailcenter.directory.scope import scope_of, visible_logins
from tests.database.api_client import Program
from tests.database.world import ROOT, Tenant, token_for

NOW = time.time()
HOME, AWAY = "192.0.2.7", "198.51.100.9"


def note(login: str, result: str = "good", *, times: int = 1, tell: bool = True, **changes: Any) -> None:
    """As the guard does with a batch of one."""
    address = changes.get("address", HOME)
    row = {
        "login": login,
        "service": "imap",
        "address": address,
        "network": address,
        "neighbourhood": f"{address.rpartition('.')[0]}.0/24",
        "country": "",
        "program": "",
        "result": result,
        "first": NOW,
        "last": NOW,
        "times": times,
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT engine.note_logins(%s::jsonb, %s)", [json.dumps([row | changes]), tell])


def lockout(service: str = "imap", network: str = HOME) -> None:
    begun = [{"service": service, "network": network, "at": NOW, "seconds": 600, "window_": 600}]
    with connection.cursor() as cursor:
        cursor.execute("SELECT engine.note_lockouts(%s::jsonb)", [json.dumps(begun)])


def notices() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, details->>'address' FROM ledger_notice ORDER BY id")
        return [(kind, address) for kind, address in cursor.fetchall()]


def test_equal_tries_of_an_hour_are_one_row_of_their_owner(ours: Tenant) -> None:
    note(ours.owner.login, times=3)
    note(ours.mailbox.address, times=2, last=NOW + 1, program="")
    (row,) = LoginRecord.objects.filter(user=ours.owner)
    assert row.times == 5
    note(ours.owner.login, "wrong-password")
    assert set(LoginRecord.objects.values_list("user", "result")) == {
        (ours.owner.pk, "good"),
        (ours.owner.pk, "wrong-password"),
    }


def test_of_nobodys_login_the_name_is_not_kept(ours: Tenant) -> None:
    note("my secret password", "wrong-password")
    note("another", "wrong-password")
    (row,) = LoginRecord.objects.all()
    assert (row.user, row.result, row.times) == (None, "unknown", 2)


def test_who_may_not_log_in_reads_so(ours: Tenant) -> None:
    User.objects.filter(pk=ours.owner.pk).update(is_active=False)
    note(ours.owner.login, "wrong-password")
    assert LoginRecord.objects.get().result == "disabled"


def test_a_new_network_is_told_once_and_never_the_first(ours: Tenant) -> None:
    note(ours.owner.login)
    assert notices() == []
    for _ in range(3):
        note(ours.owner.login, address=AWAY)
        note(ours.owner.login, address="198.51.100.10")
    assert notices() == [("new-network", AWAY)]
    assert LoginNetwork.objects.filter(user=ours.owner).count() == 2


def test_a_new_network_is_not_told_where_the_setting_says_so(ours: Tenant) -> None:
    note(ours.owner.login, tell=False)
    note(ours.owner.login, address=AWAY, tell=False)
    assert notices() == []


def test_failures_from_elsewhere_make_no_network_known(ours: Tenant) -> None:
    note(ours.owner.login, "wrong-password", address=AWAY)
    note(ours.owner.login, "locked", address=AWAY)
    assert LoginNetwork.objects.count() == 0


def test_a_forgotten_device_is_told_once(ours: Tenant) -> None:
    note(ours.owner.login)
    note(ours.owner.login, "old-password", times=9)
    assert notices() == []
    for hour in range(3):
        note(ours.owner.login, "old-password", times=60, last=NOW + 3600 * hour)
    assert notices() == [("old-password", HOME)]


def test_a_lockout_of_ones_own_network_is_told_once_and_of_strangers_never(ours: Tenant) -> None:
    note(ours.owner.login)
    for _ in range(3):
        note(ours.owner.login, "wrong-password", times=10)
        note(ours.owner.login, "wrong-password", times=10, address=AWAY)
        lockout()
        lockout(network=AWAY)
    assert notices() == [("lockout", HOME)]


def test_a_household_is_told_by_who_mistyped(ours: Tenant) -> None:
    for user in (ours.owner, ours.admin):
        note(user.login)
    note(ours.admin.login, "wrong-password", times=10)
    lockout()
    assert notices() == []  # the administrator has no mailbox, and the owner did nothing


def test_what_is_old_is_forgotten(ours: Tenant) -> None:
    note(ours.owner.login, last=NOW - 91 * 86400, first=NOW - 91 * 86400)
    note(ours.owner.login)
    with connection.cursor() as cursor:
        cursor.execute("SELECT engine.prune_logins(90)")
    assert LoginRecord.objects.count() == 1


def ban(network: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT engine.ban_guessers(%s::jsonb, 3600, 86400, 30)",
            [json.dumps([{"network": network, "guesses": 10}])],
        )


def banned() -> list[tuple[str, str, int]]:
    return list(Ban.objects.filter(cause="guessing").values_list("network", "cause", "offences"))


def test_a_guesser_is_shut_out_of_the_gate_too(ours: Tenant) -> None:
    ban(AWAY)
    ban("2001:db8:1:2::/64")
    assert banned() == [(f"{AWAY}/32", "guessing", 10), ("2001:db8:1:2::/64", "guessing", 10)]


def test_a_network_that_somebody_logs_in_from_is_not_banned(ours: Tenant) -> None:
    note(ours.owner.login)
    ban(HOME)
    assert banned() == []


def test_a_network_that_operators_let_through_is_not_banned(ours: Tenant) -> None:
    create_network(actor=ROOT, network="198.51.0.0/20", action="allow")
    ban("198.51.7.9")
    assert banned() == []


@pytest.mark.parametrize("role", ["reseller", "admin", "restricted", "owner"])
def test_nobody_sees_the_logins_of_others(role: str, ours: Tenant, theirs: Tenant) -> None:
    for tenant in (ours, theirs):
        for user in tenant.users.values():
            note(user.login, program=f"of {user.login}")
    note("nobody", "wrong-password")
    user = ours.users[role]
    assert [row.user for row in visible_logins(scope_of(user))] == [user]
    client = Client()
    client.force_login(user)
    page = client.get(reverse("logins"), {"q": "of "}).content.decode()
    assert page.count("of post@") + page.count("of reseller-") + page.count("of admin-") <= 1
    assert "theirs" not in page
    items = Program(token_for(user, "logins:read"))("get", "/logins").body["items"]
    assert [item["login"] for item in items] == [user.login]


def test_support_searches_all(ours: Tenant, theirs: Tenant, support: User) -> None:
    note(ours.owner.login)
    note(theirs.owner.login, address=AWAY, program="Odd program")
    client = Client()
    client.force_login(support)
    for text in (AWAY, "Odd", theirs.owner.login):
        page = client.get(reverse("logins"), {"q": text}).content.decode()
        assert "Odd program" in page
        assert HOME not in page


def test_the_owner_sees_the_device_at_fault(ours: Tenant) -> None:
    note(ours.owner.login)
    note(ours.owner.login, "old-password", times=40, program="Old phone")
    client = Client()
    client.force_login(ours.owner)
    page = client.get(reverse("logins"), headers={"accept-language": "en"}).content.decode()
    assert "These of your devices fail" in page
    assert "Uses an old password" in page
    assert "Old phone" in page


@pytest.mark.parametrize("role", ["reseller", "admin", "restricted", "owner"])
def test_lockouts_of_own_networks_are_lifted_a_few_times_a_day(role: str, ours: Tenant) -> None:
    user, network = ours.users[role], f"100.{64 + randbelow(64)}.{randbelow(256)}.{randbelow(256)}"
    actor = Actor(user=user, via="web")
    note(user.login, address=network)
    try:
        for _ in range(OWN_LIFTS):
            lock_out(actor=ROOT, service="imap", client=network, seconds=600)
            assert [one.network for one in lockouts(actor)] == [network]
            lift_lockout(actor=actor, service="imap", client=network)
            assert lockouts(actor) == []
        lock_out(actor=ROOT, service="imap", client=network, seconds=600)
        with pytest.raises(NotAllowedError, match="several lockouts"):
            lift_lockout(actor=actor, service="imap", client=network)
    finally:
        lift_lockout(actor=ROOT, service="imap", client=network)
    neighbour = f"{network.rpartition('.')[0]}.{(int(network.rpartition('.')[2]) + 1) % 256}"
    lock_out(actor=ROOT, service="imap", client=neighbour, seconds=600)
    try:
        assert neighbour not in [one.network for one in lockouts(actor)]
        with pytest.raises(NotFoundError, match="never signed in"):
            lift_lockout(actor=actor, service="imap", client=neighbour)
    finally:
        lift_lockout(actor=ROOT, service="imap", client=neighbour)
    assert AuditEntry.objects.filter(acting_user=user, action="lockout.lift").count() == OWN_LIFTS
