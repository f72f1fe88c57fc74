"""The ledger's tables: who may do what, partitions by day, and how they go."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from tests.database.cluster import Cluster
from tests.database.ledger.traffic import mails, spool
from tests.harness.wait import until

_KEPT = {"ledger_transaction", "ledger_recipient", "ledger_event", "ledger_queue"}
_READ = frozenset({"SELECT"})
_ADD = frozenset({"SELECT", "INSERT"})
_ALL = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})

EXPECTED: dict[str, dict[str, frozenset[str]]] = {
    "mc_ledger": dict.fromkeys(_KEPT, _ADD)
    | {"ledger_waiting": _ALL, "ledger_source": _ALL, "ledger_notice_wanted": frozenset({"INSERT"})},
    "mc_notices": {"ledger_notice": _ALL, "ledger_report_reminder": _ALL, "ledger_notice_wanted": _ALL - {"INSERT"}},
    "mc_center": dict.fromkeys(_KEPT | {"ledger_waiting"}, _READ),
}
"""All rights on the ledger's tables; on a partition by itself nobody has any."""


@pytest.mark.parametrize("role", EXPECTED)
def test_rights(cluster: Cluster, role: str) -> None:
    cluster.sql("SELECT ledger_ensure_day(current_date)", role="mc_ledger")
    rows = cluster.sql(
        "SELECT relname, privilege FROM pg_class,"
        " unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) privilege"
        " WHERE relname LIKE 'ledger%%' AND relkind IN ('r', 'p') AND has_table_privilege(%s, oid, privilege)",
        [role],
    )
    rights: dict[str, set[str]] = {}
    for table, privilege in rows:
        rights.setdefault(table, set()).add(privilege)
    assert rights == EXPECTED[role]


@pytest.mark.parametrize("call", ["ledger_ensure_day(current_date)", "ledger_drop_before('2020-01-01')"])
def test_only_the_ledger_daemon_makes_and_drops_partitions(cluster: Cluster, call: str) -> None:
    cluster.sql(f"SELECT {call}", role="mc_ledger")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        cluster.sql(f"SELECT {call}", role="mc_center")


def test_the_ledger_daemon_cannot_change_what_is_written(cluster: Cluster) -> None:
    for statement in (
        "UPDATE ledger_transaction SET verdict = 'accept'",
        "DELETE FROM ledger_event",
        "TRUNCATE ledger_recipient",
        "DROP TABLE ledger_queue",
        "CREATE TABLE other (x int)",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            cluster.sql(statement, role="mc_ledger")


def test_a_day_is_made_once_and_dropped_whole(cluster: Cluster) -> None:
    day = date(2021, 3, 4)
    for _ in range(2):
        cluster.sql("SELECT ledger_ensure_day(%s)", [day], role="mc_ledger")
    assert len(_partitions(cluster, "20210304")) == 4
    cluster.sql("SELECT ledger_drop_before(%s)", [day], role="mc_ledger")
    assert len(_partitions(cluster, "20210304")) == 4
    assert cluster.sql("SELECT ledger_drop_before(%s)", [day + timedelta(days=1)], role="mc_ledger") == [(4,)]
    assert _partitions(cluster, "20210304") == []


def test_a_young_day_is_not_analyzed_every_minute(cluster: Cluster) -> None:
    """PostgreSQL's default is every 50 rows and a tenth."""
    cluster.sql("SELECT ledger_ensure_day(%s)", [date(2021, 3, 4)], role="mc_ledger")
    for name in _partitions(cluster, "20210304"):
        ((options,),) = cluster.sql("SELECT reloptions FROM pg_class WHERE relname = %s", [name])
        assert "autovacuum_analyze_threshold=5000" in options, name


def test_today_is_never_dropped(cluster: Cluster) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="at least one whole day"):
        cluster.sql("SELECT ledger_drop_before(current_date + 1)", role="mc_ledger")


def test_the_bounds_of_a_day_are_utc(cluster: Cluster) -> None:
    first, second = mails(2)
    cluster.follow()
    late = datetime(2026, 10, 1, 23, 59, 59, 999999, tzinfo=UTC)
    next_day = late + timedelta(microseconds=1)
    records = (first.record(started_at=late, ended_at=late), second.record(started_at=next_day, ended_at=next_day))
    spool(cluster.paths.ledger_spool, *records)
    until(lambda: len(cluster.sql("SELECT 1 FROM ledger_transaction")) == 2, "both records")
    tables = cluster.sql("SELECT tableoid::regclass::text FROM ledger_transaction ORDER BY started_at")
    assert tables == [("ledger_transaction_20261001",), ("ledger_transaction_20261002",)]


def test_the_daemon_makes_the_next_days_and_drops_the_old(cluster: Cluster) -> None:
    cluster.sql("SELECT ledger_ensure_day(%s)", [date(2021, 3, 4)], role="mc_ledger")
    cluster.follow()
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    until(lambda: _partitions(cluster, f"{tomorrow:%Y%m%d}"), "tomorrow's partitions")
    until(lambda: not _partitions(cluster, "20210304"), "the old partitions to be dropped")


def _partitions(cluster: Cluster, day: str) -> list[str]:
    rows = cluster.sql("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE %s", [f"ledger%\\_{day}"])
    return [row[0] for row in rows]
