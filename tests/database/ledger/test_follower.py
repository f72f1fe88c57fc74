"""The ledger daemon as a process: what it writes, and that killing it or the database loses and doubles nothing."""

from __future__ import annotations

import json
from typing import Any

from mailcenter.ledger.record import RecipientRecord
from tests.database.cluster import Cluster
from tests.database.ledger.traffic import append, mails, spool
from tests.harness.wait import until


def _delivered(cluster: Cluster) -> list[tuple[Any, ...]]:
    return cluster.sql("SELECT reference, folder FROM ledger_event WHERE kind = 'delivered' ORDER BY reference")


def _removed(cluster: Cluster) -> int:
    return int(cluster.sql("SELECT count(*) FROM ledger_event WHERE kind = 'removed'")[0][0])


def test_a_mail_is_recorded_and_joined_with_its_delivery(cluster: Cluster) -> None:
    mail = mails(1)[0]
    cluster.follow()
    spool(cluster.paths.ledger_spool, mail.record())
    append(cluster.paths.log("dovecot"), mail.dovecot("Junk"))
    append(cluster.paths.log("postfix"), mail.queued(), mail.delivered(), mail.removed())
    until(lambda: _removed(cluster), "the events")
    [row] = cluster.sql("SELECT started_at, reference, host(client_address), subject, facts FROM ledger_transaction")
    assert row == (mail.started_at, mail.reference, "192.0.2.13", "Mail 0", {"symbols": ["R_SPF_ALLOW"]})
    assert _delivered(cluster) == [(mail.reference, "Junk")]
    assert cluster.sql("SELECT address, mailbox_id FROM ledger_recipient") == [("alice@demo.example", 3)]
    until(lambda: not list(cluster.paths.ledger_spool.glob("*.jsonl")), "the finished file to be deleted")
    assert cluster.sql("SELECT count(*) FROM ledger_waiting") == [(0,)]


def test_a_record_and_its_delivery_are_there_within_half_a_second(cluster: Cluster) -> None:
    cluster.follow()
    first, second = mails(2)
    path = spool(cluster.paths.ledger_spool, first.record(), finished=False)
    until(lambda: cluster.sql("SELECT 1 FROM ledger_transaction"), "the first record")
    append(cluster.paths.log("postfix"), second.queued())
    with path.open("ab") as file:
        file.write(second.record().to_line())
    until(lambda: cluster.sql("SELECT 1 FROM ledger_event"), "the second mail's event", timeout=0.5)


def test_killing_the_daemon_again_and_again_loses_and_doubles_nothing(cluster: Cluster) -> None:
    all_mails = mails(400)
    follower = cluster.follow()
    for start in range(0, len(all_mails), 40):
        for mail in all_mails[start : start + 40]:
            spool(cluster.paths.ledger_spool, mail.record(), sequence=mail.number)
            append(cluster.paths.log("dovecot"), mail.dovecot())
            append(cluster.paths.log("postfix"), mail.queued(), mail.delivered(), mail.removed())
        follower.kill()
        follower.wait()
        follower = cluster.follow()
    until(lambda: _removed(cluster) >= len(all_mails), "all events")
    until(lambda: not list(cluster.paths.ledger_spool.glob("*.jsonl")), "an empty spool")
    assert _delivered(cluster) == [(mail.reference, "INBOX") for mail in all_mails]
    assert cluster.sql("SELECT count(*), count(DISTINCT reference) FROM ledger_transaction") == [(400, 400)]
    assert cluster.sql("SELECT kind, count(*) FROM ledger_event GROUP BY kind ORDER BY kind") == [
        ("delivered", 400),
        ("queued", 400),
        ("removed", 400),
    ]


def test_killing_postgresql_loses_and_doubles_nothing(cluster: Cluster) -> None:
    all_mails = mails(90)
    cluster.follow()
    for start in (0, 30, 60):
        for mail in all_mails[start : start + 30]:
            spool(cluster.paths.ledger_spool, mail.record(), sequence=mail.number)
            append(cluster.paths.log("postfix"), mail.queued(), mail.delivered(), mail.removed())
        cluster.kill()
        until(lambda: _heartbeat(cluster)["error"], "the daemon to report it", timeout=15)
        cluster.start()
    until(lambda: _removed(cluster) >= len(all_mails), "all events", timeout=30)
    assert [row[0] for row in _delivered(cluster)] == [mail.reference for mail in all_mails]
    assert cluster.sql("SELECT count(*) FROM ledger_transaction") == [(90,)]
    until(lambda: not _heartbeat(cluster)["error"], "the error to be over", timeout=15)


def test_lines_that_are_no_records_are_set_aside_and_hold_nothing_up(cluster: Cluster) -> None:
    good, torn, impossible = mails(3)
    cluster.follow()
    broken = impossible.record(code="no number", recipients=[RecipientRecord("x\0y@demo.example", "accept", "mailbox")])
    spool(cluster.paths.ledger_spool, broken, good.record(), tail=b"{}\n" + torn.record().to_line()[:50])
    until(lambda: cluster.sql("SELECT 1 FROM ledger_transaction"), "the good record")
    assert cluster.sql("SELECT reference FROM ledger_transaction") == [(good.reference,)]
    [bad] = (cluster.paths.ledger_spool / "bad").iterdir()
    assert len(bad.read_bytes().splitlines()) == 3
    until(lambda: _heartbeat(cluster)["bad_files"] == 1, "the heartbeat to tell", timeout=15)


def test_a_day_without_partition_gets_one(cluster: Cluster) -> None:
    mail = mails(1)[0]
    cluster.follow()
    old = mail.started_at.replace(year=2026, month=1, day=5)
    spool(cluster.paths.ledger_spool, mail.record(started_at=old, ended_at=old))
    until(lambda: cluster.sql("SELECT 1 FROM ledger_transaction"), "the record")
    assert cluster.sql("SELECT tableoid::regclass::text FROM ledger_transaction") == [("ledger_transaction_20260105",)]


def _heartbeat(cluster: Cluster) -> dict[str, Any]:
    path = cluster.paths.run("ledger") / "heartbeat"
    values: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {"error": "", "bad_files": 0}
    return values
