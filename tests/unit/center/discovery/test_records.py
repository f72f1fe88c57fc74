"""Which DNS records a domain should have, and when what is there is good enough."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailcenter.center.discovery.records import Found, Kind, State, Wanted, state_of, wanted_records
from mailcenter.settings.model import Settings

HOST = "mail.provider.example"
SETTINGS = Settings(host_name=HOST, state_dir=Path("/nonexistent"))
RECORDS = wanted_records(SETTINGS, "customer.example")


def test_each_service_has_its_record() -> None:
    names = {record.name for record in RECORDS if record.kind == "SRV"}
    services = ("imaps", "submissions", "submission", "pop3s", "sieve", "autodiscover")
    assert names == {f"_{service}._tcp.customer.example" for service in services}
    assert {record.name for record in RECORDS if record.kind == "CNAME"} == {
        "autoconfig.customer.example",
        "autodiscover.customer.example",
    }


def test_no_record_is_longer_than_a_name_may_be() -> None:
    assert all(len(record.name) < 100 for record in RECORDS)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_what_we_wish_for_is_right(record: Wanted) -> None:
    assert state_of(record, (record.value,)) is State.RIGHT
    assert state_of(record, ()) is State.MISSING
    assert state_of(record, None) is State.UNKNOWN


@pytest.mark.parametrize(
    ("kind", "found", "state"),
    [
        ("MX", (f"50 {HOST}",), State.RIGHT),
        ("MX", (f"10 {HOST}", "20 mail.old.example"), State.OTHER),
        ("MX", ("10 mail.old.example",), State.OTHER),
        ("TXT", ("google-site-verification=x", "v=spf1 a +mx include:other.example ~all"), State.RIGHT),
        ("TXT", ("v=spf1 redirect=_spf.provider.example",), State.RIGHT),
        ("TXT", ("v=spf1 -all",), State.OTHER),
        ("TXT", ("v=spf1 mx -all", "v=spf1 a -all"), State.OTHER),
        ("TXT", ("v=spf10 mx",), State.MISSING),
        ("SRV", (f"5 7 993 {HOST}",), State.RIGHT),
        ("SRV", (f"0 1 143 {HOST}",), State.OTHER),
        ("SRV", ("0 0 0 .",), State.OTHER),
        ("CNAME", ("elsewhere.example",), State.OTHER),
    ],
)
def test_what_is_found_is_judged(kind: Kind, found: Found, state: State) -> None:
    record = next(record for record in RECORDS if record.kind == kind)
    assert state_of(record, found) is state
