"""Bans of networks: made by operators and by the gate, longer each time, lifted, over by themselves."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from mailcenter.actions import NotFoundError
from mailcenter.actions.bans import add_ban, lift_ban
from mailcenter.actions.networks import create_network
from mailcenter.directory.models import AuditEntry, Ban, User
from tests.database.api_client import Program
from tests.database.test_actions_gate import by, view
from tests.database.test_cli import as_json, run
from tests.database.world import ROOT, Tenant, refused, token_for

pytestmark = pytest.mark.django_db

NETWORK = "203.0.113.7"


def gate_bans(network: str = NETWORK, cause: str = "harvesting", seconds: float = 600) -> Any:
    return view("SELECT engine.ban(%s, %s, 30, %s, 86400, 7)", network, cause, seconds)[0][0]


def in_force() -> list[str]:
    return [row[0] for row in view("SELECT network FROM engine.gate_ban ORDER BY id")]


def seconds_of(ban: Ban) -> int:
    return round((ban.ends_at - ban.started_at).total_seconds())


def time_passes(*, days: float = 0, minutes: float = 0) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE directory_ban SET started_at = started_at - passed, ends_at = ends_at - passed,"
            " ended_at = ended_at - passed FROM (SELECT %s * interval '1 minute' AS passed) AS time",
            [days * 24 * 60 + minutes],
        )


def test_the_gate_bans_longer_each_time() -> None:
    ends_at = gate_bans()
    assert gate_bans() == ends_at, "one that is in force stays as it is"
    assert in_force() == [f"{NETWORK}/32"]
    for seconds in (600, 1200, 2400):
        ban = Ban.objects.order_by("-pk")[0]
        assert seconds_of(ban) == seconds
        time_passes(minutes=60)
        assert in_force() == []
        gate_bans()
    assert Ban.objects.count() == 4
    assert Ban.objects.filter(ended_at=None).count() == 1
    time_passes(days=8)
    gate_bans()
    assert seconds_of(Ban.objects.order_by("-pk")[0]) == 600, "an old ban is forgotten"


def test_a_ban_never_lasts_longer_than_the_bound() -> None:
    for _ in range(10):
        gate_bans(seconds=20000)
        time_passes(minutes=24 * 60)
    assert max(map(seconds_of, Ban.objects.all())) == 86400


def test_lifted_bans_do_not_count_against_a_network() -> None:
    gate_bans()
    lift_ban(actor=ROOT, ban=Ban.objects.get())
    assert in_force() == []
    gate_bans()
    assert seconds_of(Ban.objects.order_by("-pk")[0]) == 600


def test_bans_end_and_are_forgotten() -> None:
    gate_bans()
    time_passes(minutes=11)
    view("SELECT engine.end_bans(90)")
    ban = Ban.objects.get()
    assert ban.ended_at == ban.ends_at
    time_passes(days=91)
    view("SELECT engine.end_bans(90)")
    assert not Ban.objects.exists()


def test_what_postscreen_turned_away_is_counted() -> None:
    gate_bans("2001:db8:1:2::/64")
    gate_bans()
    view("SELECT engine.count_turned_away(%s, %s)", [NETWORK, "2001:db8:1:2::9", "192.0.2.1"], [3, 4, 5])
    assert list(Ban.objects.values_list("turned_away", flat=True)) == [4, 3]


def test_an_operators_ban() -> None:
    ban = add_ban(actor=ROOT, network="203.0.113.0/24", seconds=7200, note="a test")
    assert (ban.network, ban.cause, ban.note, in_force()) == (
        "203.0.113.0/24",
        "operator",
        "a test",
        ["203.0.113.0/24"],
    )
    longer = add_ban(actor=ROOT, network="203.0.113.0/24", seconds=86400)
    assert (longer.pk, longer.note) == (ban.pk, "a test")
    lift_ban(actor=ROOT, ban=ban)
    with refused("ban", "over already"):
        lift_ban(actor=ROOT, ban=ban)
    assert [entry.action for entry in AuditEntry.objects.filter(object_type="ban").order_by("pk")] == [
        "ban.add",
        "ban.change",
        "ban.lift",
    ]


@pytest.mark.parametrize(
    ("network", "seconds", "field", "reason"),
    [
        ("nonsense", 60, "network", "not a network"),
        ("0.0.0.0/0", 60, "network", "too large"),
        ("192.0.2.1", 59, "seconds", "one minute"),
        ("192.0.2.1", 30 * 86400 + 1, "seconds", "thirty days"),
        ("198.51.100.0/25", 60, "network", "198.51.100.7/32 is always let through"),
    ],
)
def test_what_is_refused(network: str, seconds: int, field: str, reason: str) -> None:
    create_network(actor=ROOT, network="198.51.100.7", action="allow")
    with refused(field, reason):
        add_ban(actor=ROOT, network=network, seconds=seconds)


def test_bans_are_the_operators_matter(ours: Tenant) -> None:
    with pytest.raises(Exception, match="operator"):
        add_ban(actor=by(ours.reseller), network="192.0.2.1", seconds=60)
    with pytest.raises(NotFoundError):
        lift_ban(actor=by(ours.reseller), ban=Ban.objects.get())


def test_commands() -> None:
    assert as_json("gate", "bans") == []
    made = as_json("gate", "ban", "add", NETWORK, "--for", "2h", "--note", "bots")
    assert (made["network"], made["note"], made["ended_at"]) == (f"{NETWORK}/32", "bots", None)
    assert f"{NETWORK}/32" in run("gate", "bans")
    assert run("gate", "ban", "lift", NETWORK) == f"{NETWORK}/32 is not banned any more.\n"
    assert as_json("gate", "bans") == []
    assert [row["network"] for row in as_json("gate", "bans", "--all")] == [f"{NETWORK}/32"]
    assert run("gate", "ban", "lift", NETWORK, status=1).startswith(f"error: there is no ban of {NETWORK}")
    assert run("gate", "ban", "add", NETWORK, "--for", "2 weeks", status=1).startswith(
        "error: '2 weeks' is no duration"
    )


def test_api(operator: User) -> None:
    program = Program(token_for(operator))
    made = program("post", "/gate/bans", {"network": NETWORK, "seconds": 3600})
    assert (made.status, made.body["network"], made.body["cause"]) == (201, f"{NETWORK}/32", "operator")
    assert [row["id"] for row in program("get", "/gate/bans").body["items"]] == [made.body["id"]]
    path = f"/gate/bans/{made.body['id']}"
    assert program("delete", path).body == {"message": f"{NETWORK}/32 is not banned any more."}
    assert (program("delete", path).status, program("get", "/gate/bans").body["items"]) == (422, [])
    assert [row["id"] for row in program("get", "/gate/bans?all=true").body["items"]] == [made.body["id"]]
    wrong = program("post", "/gate/bans", {"network": NETWORK, "seconds": 1})
    assert wrong.status == 422
    assert Ban.objects.filter(ended_at__lte=timezone.now()).count() == 1
