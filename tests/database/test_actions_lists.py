"""Lists of networks and of senders: what is stored, what is refused, who may, what the gate reads."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from mailcenter.actions import Actor, NotAllowedError, NotFoundError
from mailcenter.actions.networks import change_network, create_network, remove_network
from mailcenter.actions.senders import MOST_ENTRIES, change_sender, create_sender, remove_sender, written
from mailcenter.directory.models import AuditEntry, NetworkEntry, SenderEntry, User
from tests.database.world import ROOT, Tenant, refused

Row = tuple[Any, ...]


def view(query: str, *parameters: Any) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows: list[Row] = cursor.fetchall()
        return rows


def by(user: User) -> Actor:
    return Actor(user=user, via="web")


# --- networks


@pytest.mark.parametrize(
    ("text", "stored"),
    [("192.0.2.7", "192.0.2.7/32"), (" 10.0.0.0/8 ", "10.0.0.0/8"), ("2001:DB8::/32", "2001:db8::/32")],
)
def test_networks_are_normalised(text: str, stored: str, db: None) -> None:
    entry = create_network(actor=ROOT, network=text, action="refuse", note="spam")
    assert view("SELECT * FROM engine.gate_network") == [(stored, "refuse")]
    change_network(actor=ROOT, entry=entry, action="allow")
    assert view("SELECT * FROM engine.gate_network") == [(stored, "allow")]
    remove_network(actor=ROOT, entry=entry)
    assert view("SELECT * FROM engine.gate_network") == []


@pytest.mark.parametrize(
    ("network", "reason"),
    [
        ("", "not a network"),
        ("example.org", "not a network"),
        ("192.0.2.7/24", "not a network"),
        ("0.0.0.0/0", "too large"),
        ("8.0.0.0/7", "too large"),
        ("::/0", "too large"),
        ("198.51.100.0/24", "already"),
    ],
)
def test_what_networks_refuse(network: str, reason: str, db: None) -> None:
    create_network(actor=ROOT, network="198.51.100.0/24", action="allow")
    with refused("network", reason):
        create_network(actor=ROOT, network=network, action="refuse")
    with refused("action"):
        create_network(actor=ROOT, network="203.0.113.0/24", action="deny")
    assert NetworkEntry.objects.count() == 1


# --- lists of senders


@pytest.mark.parametrize(
    ("text", "kind", "pattern"),
    [
        (" Al@B\u00fccher.example ", "address", "al@xn--bcher-kva.example"),
        ("b.example", "domain", "b.example"),
        ("@b.example", "domain", "b.example"),
        ("*.B.example", "subdomains", "b.example"),
    ],
)
def test_senders_are_understood(text: str, kind: str, pattern: str, ours: Tenant) -> None:
    entry = create_sender(actor=by(ours.owner), sender=text, action="deny", place=ours.mailbox)
    assert (entry.kind, entry.pattern) == (kind, pattern)
    assert create_sender(actor=by(ours.admin), sender=written(entry), action="allow", place=ours.domain)
    rows = view("SELECT * FROM engine.gate_sender_entry WHERE pattern = %s ORDER BY action", pattern)
    assert rows == [
        ("allow", kind, pattern, ours.domain.pk, None),
        ("deny", kind, pattern, None, ours.mailbox.pk),
    ]


@pytest.mark.parametrize("sender", ["", "nonsense", "a@", "*.", "*.*.example", "a@b@c d"])
def test_what_is_no_sender(sender: str, ours: Tenant) -> None:
    with refused("sender", "not a"):
        create_sender(actor=ROOT, sender=sender, action="deny", place=ours.mailbox)


def test_a_sender_stands_once_on_each_list(ours: Tenant, operator: User) -> None:
    for place in (None, ours.domain, ours.mailbox):
        create_sender(actor=by(operator), sender="x@y.example", action="allow", place=place)
        with refused("sender", "already"):
            create_sender(actor=by(operator), sender="X@y.example", action="deny", place=place)


def test_a_list_is_bounded(ours: Tenant) -> None:
    SenderEntry.objects.bulk_create(
        SenderEntry(action="deny", kind="domain", pattern=f"d{number}.example", mailbox=ours.mailbox)
        for number in range(MOST_ENTRIES)
    )
    with refused("sender", "full"):
        create_sender(actor=by(ours.owner), sender="more.example", action="deny", place=ours.mailbox)


def test_who_may_change_which_list(ours: Tenant, theirs: Tenant, support: User) -> None:
    own = create_sender(actor=by(ours.owner), sender="x@y.example", action="allow", place=ours.mailbox)
    platform = create_sender(actor=ROOT, sender="x@y.example", action="allow")
    change_sender(actor=by(ours.restricted), entry=own, action="deny")
    for user in (ours.owner, ours.admin, ours.reseller):
        with pytest.raises(NotFoundError):
            remove_sender(actor=by(user), entry=platform)
        with pytest.raises(NotAllowedError):
            create_sender(actor=by(user), sender="z@y.example", action="allow")
    with pytest.raises(NotFoundError):
        create_sender(actor=by(ours.owner), sender="z@y.example", action="allow", place=ours.domain)
    with pytest.raises(NotFoundError):
        remove_sender(actor=by(theirs.reseller), entry=own)
    with pytest.raises(NotAllowedError):
        remove_sender(actor=by(support), entry=own)
    entry = AuditEntry.objects.get(action="sender.change")
    assert (entry.organisation_id, entry.object_name) == (ours.organisation.pk, "deny x@y.example")
