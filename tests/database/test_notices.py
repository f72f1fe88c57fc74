"""The notices daemon with the real PostgreSQL: who gets one, how often, and that none is sent twice or lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from psycopg import Connection
from psycopg.types.json import Jsonb

from mailcenter.actions.aliases import create_alias
from mailcenter.actions.domains import change_domain
from mailcenter.actions.mailboxes import create_mailbox
from mailcenter.actions.treatment import change_treatment
from mailcenter.actions.users import change_user
from mailcenter.directory.models import Domain, Mailbox
from mailcenter.serve.notices.daemon import Notices
from mailcenter.serve.notices.outbox import NotNowError, RefusedError
from mailcenter.serve.notices.store import MOST_TRIES, Store
from mailcenter.settings.load import load
from tests.database.played_postfix import Postfix
from tests.database.world import ROOT, Tenant

NOW = datetime.now(UTC)


@pytest.fixture
def store(db: None) -> Store:
    """In the test's own transaction. The rights of the daemon's role are the matter of test_rights."""
    connection.ensure_connection()
    raw: Connection[Any] = connection.connection
    return Store(raw, host_name="mx.demo.example", default=True, most_per_day=5)


def want(store: Store, *addresses: str, sender: str = "a@b.example", mailbox: Mailbox | None = None) -> None:
    """As the ledger daemon does, then taken by the notices daemon."""
    raw = store._connection
    for address in addresses:
        raw.execute(
            "INSERT INTO ledger_notice_wanted (wanted) VALUES (%s)",
            (
                Jsonb(
                    {
                        "reference": "0123456789abc",
                        "started_at": NOW.isoformat(),
                        "address": address,
                        "mailbox_id": mailbox.pk if mailbox else None,
                        "sender": sender,
                        "header_from": sender,
                        "mail_from": sender,
                        "client_address": "192.0.2.1",
                        "client_name": "unknown",
                        "helo": "h",
                        "rule": "virus",
                        "found": [],
                    }
                ),
            ),
        )
    store.take()


def send(store: Store, postfix: Postfix) -> list[tuple[str, str]]:
    """Everything that is due, as the daemon sends it; gives what was sent."""
    settings = load()
    daemon = Notices(settings, hand_over=postfix)
    before = len(postfix.taken)
    while claimed := store.claim():
        for notice in claimed:
            daemon._send(store, notice)
    return postfix.taken[before:]


def states(store: Store) -> list[str]:
    return [row[0] for row in store._connection.execute("SELECT state FROM ledger_notice ORDER BY id").fetchall()]


def test_one_per_sender_and_day_whichever_address_was_used(ours: Tenant, store: Store, postfix: Postfix) -> None:
    want(store, ours.mailbox.address, mailbox=ours.mailbox)
    want(store, ours.mailbox.address, ours.alias.address)
    assert send(store, postfix) == [(ours.mailbox.address, load().language)]
    want(store, ours.mailbox.address, sender="other@b.example")
    assert len(send(store, postfix)) == 1
    want(store, ours.mailbox.address)
    assert send(store, postfix) == []
    assert states(store) == ["sent", "sent"]


def test_in_the_language_of_the_owner(ours: Tenant, store: Store, postfix: Postfix) -> None:
    change_user(actor=ROOT, user=ours.owner, language="de")
    want(store, ours.mailbox.address)
    assert send(store, postfix) == [(ours.mailbox.address, "de")]


def test_the_mailbox_decides_then_its_domain_then_the_platform(ours: Tenant, store: Store, postfix: Postfix) -> None:
    def wish(place: Domain | Mailbox, value: bool | None) -> None:
        change_treatment(actor=ROOT, place=place, notices=value)

    wish(ours.domain, False)
    want(store, ours.mailbox.address)
    assert send(store, postfix) == []
    wish(ours.mailbox, True)
    want(store, ours.mailbox.address)
    assert len(send(store, postfix)) == 1
    wish(ours.mailbox, None)
    wish(ours.domain, None)
    off = Store(store._connection, host_name="x", default=False, most_per_day=5)
    want(off, ours.mailbox.address, sender="new@b.example")
    assert send(store, postfix) == []


def test_aliases_and_catch_alls_tell_the_mailboxes_behind(ours: Tenant, store: Store, postfix: Postfix) -> None:
    second = create_mailbox(actor=ROOT, address=f"second@{ours.domain.name}")
    group = create_alias(
        actor=ROOT,
        address=f"group@{ours.domain.name}",
        destinations=[ours.alias.address, second.address, "far@elsewhere.test"],
    )
    want(store, f"Group+x@{ours.domain.name}")
    assert {to for to, _ in send(store, postfix)} == {ours.mailbox.address, second.address}
    change_domain(actor=ROOT, domain=ours.second_domain, catch_all=group.address)
    want(store, f"anything@{ours.second_domain.name}", sender="third@b.example")
    assert len(send(store, postfix)) == 2


def test_a_flood_of_senders_is_bounded(ours: Tenant, store: Store, postfix: Postfix) -> None:
    for number in range(12):
        want(store, ours.mailbox.address, sender=f"{number}@b.example")
    assert len(send(store, postfix)) == 5


def test_switched_off_mailboxes_get_none(ours: Tenant, store: Store, postfix: Postfix) -> None:
    want(store, ours.mailbox.address)
    change_domain(actor=ROOT, domain=ours.domain, is_active=False)
    assert send(store, postfix) == []
    assert states(store) == ["failed"]
    want(store, ours.mailbox.address, sender="later@b.example", mailbox=ours.mailbox)
    assert states(store) == ["failed"]


def test_what_postfix_does_not_take_now_is_tried_again_and_in_the_end_given_up(
    ours: Tenant, store: Store, postfix: Postfix
) -> None:
    want(store, ours.mailbox.address)
    postfix.says = NotNowError("451 full")
    for _ in range(MOST_TRIES):
        assert send(store, postfix) == []
        store._connection.execute("UPDATE ledger_notice SET due_at = now()")
    assert states(store) == ["failed"]
    want(store, ours.mailbox.address, sender="next@b.example")
    assert send(store, postfix) == []
    assert states(store)[1] == "pending"
    postfix.says = None
    store._connection.execute("UPDATE ledger_notice SET due_at = now()")
    assert len(send(store, postfix)) == 1


def test_what_postfix_refuses_is_given_up(ours: Tenant, store: Store, postfix: Postfix) -> None:
    want(store, ours.mailbox.address)
    postfix.says = RefusedError("550 no")
    send(store, postfix)
    assert states(store) == ["failed"]


@pytest.mark.parametrize("known", [True, False])
def test_after_a_crash_the_ledger_knows(ours: Tenant, store: Store, postfix: Postfix, known: bool) -> None:
    want(store, ours.mailbox.address)
    (notice,) = store.claim()  # and the daemon dies
    raw = store._connection
    raw.execute("UPDATE ledger_notice SET changed_at = now() - interval '1 hour'")
    if known:
        raw.execute("SELECT ledger_ensure_day(current_date)")
        raw.execute(
            "INSERT INTO ledger_transaction SELECT (jsonb_populate_record(NULL::ledger_transaction, %s)).*",
            (Jsonb(_local(store.message_id(notice.id))),),
        )
    store.settle_doubtful()
    assert len(send(store, postfix)) == (0 if known else 1)
    assert states(store) == ["sent"]


def test_the_order_of_tries_doubles(ours: Tenant, store: Store) -> None:
    want(store, ours.mailbox.address)
    (notice,) = store.claim()
    store.later(replace(notice, tries=5), "x")
    row = store._connection.execute("SELECT extract(epoch FROM due_at - now()) FROM ledger_notice").fetchone()
    assert row
    assert round(row[0]) == 32


def test_old_notices_are_forgotten(ours: Tenant, store: Store) -> None:
    want(store, ours.mailbox.address)
    store.tidy(1)
    assert states(store) == ["pending"]
    store._connection.execute("UPDATE ledger_notice SET day = day - 3")
    store.tidy(1)
    assert states(store) == []


def _local(message_id: str) -> dict[str, Any]:
    texts = "reference node service client_name helo verdict stage enhanced reply rule tls login mail_from header_from"
    values: dict[str, Any] = dict.fromkeys((*texts.split(), "subject", "queue_id"), "x")
    moment = datetime.now(UTC).isoformat()
    return values | {
        "started_at": moment,
        "ended_at": moment,
        "code": 250,
        "size": 1,
        "facts": {},
        "message_id": message_id,
    }
