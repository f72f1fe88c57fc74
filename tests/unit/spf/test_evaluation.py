"""What SPF says of a client, by a table: each row a record of b.test, and the word for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mailcenter.spf.words import Result
from tests.unit.spf.zone import Records, Zone, check

NAMES: Records = {
    "a b.test": ("192.0.2.1", "192.0.2.99"),
    "aaaa b.test": "2001:db8::1",
    "a near.test": "192.0.2.200",
    "aaaa near.test": "2001:db8::ffff",
    "a far.test": "198.51.100.1",
    "mx b.test": ("mail.b.test", "other.b.test"),
    "a other.b.test": "192.0.2.1",
    "aaaa mail.b.test": "2001:db8::1",
    "mx null.test": ("",),
    "a joe.b.test": "127.0.0.2",
    "a 1.2.0.192.in-addr.b.test": "127.0.0.2",
    "a b.test.helo.test": "127.0.0.2",
    "a with space.test": "192.0.2.1",
    "txt pass.test": "v=spf1 +all",
    "txt fail.test": "v=spf1 -all",
    "txt soft.test": "v=spf1 ~all",
    "txt neutral.test": "v=spf1 ?all",
    "txt wrong.test": "v=spf1 wrong",
    "txt loop.test": "v=spf1 include:loop.test",
    "txt two.test": ("v=spf1 +all", "v=spf1 -all"),
    "txt other.test": ("v=DMARC1; p=none", "google-site=1"),
    "ptr 192.0.2.1": ("far.test", "mail.b.test", "b.test"),
    "a mail.b.test": "192.0.2.1",
    "txt dangling.test": "v=spf1 redirect=none.test",
    "mx ten.test": tuple(f"h{number}.test" for number in range(10)),
    "mx eleven.test": tuple(f"h{number}.test" for number in range(11)),
}
V6 = "2001:db8::1"


def said(record: str, client: str = "192.0.2.1", **changes: str) -> str:
    return str(check(NAMES | {"txt b.test": f"v=spf1 {record}"}, client, **changes).result)


@pytest.mark.parametrize(
    ("record", "result"),
    [
        ("", "neutral"),
        ("-all +all", "fail"),
        ("all", "pass"),
        ("~all", "softfail"),
        ("?all", "neutral"),
        ("-ip4:192.0.2.1 +all", "fail"),
        ("ip4:192.0.2.0/24 -all", "pass"),
        ("ip4:192.0.2.0/32 -all", "fail"),
        ("ip4:0.0.0.0/0 -all", "pass"),
        ("ip6:::/0 -all", "fail"),
        ("a -all", "pass"),
        ("a:near.test -all", "fail"),
        ("a:near.test/24 -all", "pass"),
        ("a:near.test//64 -all", "fail"),  # a length for IPv6 says nothing of IPv4
        ("a:far.test/0 -all", "pass"),
        ("mx -all", "pass"),
        ("mx:null.test -all", "fail"),
        ("mx:ten.test -all", "fail"),
        ("mx:eleven.test -all", "permerror"),
        ("exists:%{l}.%{d} -all", "pass"),
        ("exists:%{ir}.%{v}.%{d} -all", "pass"),
        ("exists:%{o}.%{h2} -all", "pass"),
        ("exists:none.test -all", "fail"),
        ("a:with%_space.test -all", "pass"),
        ("exists:%{d}.. -all", "permerror"),
        ("exists:..%{d} -all", "fail"),  # a name that nobody can ask about
        ("ptr -all", "pass"),
        ("ptr:helo.test -all", "fail"),
        ("ptr:far.test -all", "fail"),  # names that do not lead back
        ("exists:joe.%{p2} -all", "pass"),
        ("include:pass.test -all", "pass"),
        ("include:fail.test ?all", "neutral"),
        ("include:soft.test ?all", "neutral"),
        ("include:neutral.test ?all", "neutral"),
        ("-include:pass.test +all", "fail"),
        ("include:none.test +all", "permerror"),
        ("include:other.test +all", "permerror"),
        ("include:wrong.test +all", "permerror"),
        ("include:two.test +all", "permerror"),
        ("include:loop.test +all", "permerror"),
        ("include:dangling.test +all", "permerror"),
        ("redirect=fail.test", "fail"),
        ("redirect=none.test", "permerror"),
        ("redirect=b.test", "permerror"),
        ("redirect=fail.test ?all", "neutral"),
        ("ip4:192.0.2.1 redirect=none.test", "pass"),
        ("exp=none.test -all", "fail"),
        ("ip4:192.0.2.1 wrong", "permerror"),  # what stands behind the match counts too
        ("a:n1.test a:n2.test ?all", "neutral"),
        ("a:n1.test a:n2.test a:n3.test ?all", "permerror"),  # three names that hold nothing
        (" ".join(["a:far.test"] * 10) + " ?all", "neutral"),
        (" ".join(["a:far.test"] * 11) + " ?all", "permerror"),
        (" ".join(["ip4:198.51.100.1"] * 50) + " ?all", "neutral"),
    ],
)
def test_of_an_ipv4_client(record: str, result: str) -> None:
    assert said(record) == result
    assert said(record, "::ffff:192.0.2.1") == result


@pytest.mark.parametrize(
    ("record", "result"),
    [
        ("ip6:2001:db8::/32 -all", "pass"),
        ("ip4:0.0.0.0/0 -all", "fail"),
        ("a -all", "pass"),
        ("a:near.test/0 -all", "fail"),
        ("a:near.test//64 -all", "pass"),
        ("a:near.test/24//112 -all", "pass"),
        ("mx -all", "pass"),
        ("mx:ten.test -all", "fail"),  # ten hosts without an address of this kind are no error
        ("exists:%{l}.%{d} -all", "pass"),
        ("exists:%{i4}.nowhere.test -all", "fail"),
    ],
)
def test_of_an_ipv6_client(record: str, result: str) -> None:
    assert said(record, V6) == result


def test_no_record_is_none_and_two_are_an_error() -> None:
    assert check(NAMES, sender="joe@none.test").result is Result.NONE
    assert check(NAMES, sender="joe@other.test").result is Result.NONE
    assert check(NAMES, sender="joe@two.test").result is Result.PERMERROR


@pytest.mark.parametrize("domain", ["localhost", "[192.0.2.1]", "", "a..test", f"{'x' * 64}.test", "x." * 130 + "test"])
def test_a_name_that_nobody_can_ask_about_is_none(domain: str) -> None:
    zone = Zone({})
    assert check(zone, sender=f"joe@{domain}" if domain else "", helo=domain).result is Result.NONE
    assert zone.asked == []


def test_a_notice_is_judged_by_helo_as_postmaster() -> None:
    zone = Zone({"txt mx.helo.test": "v=spf1 exists:%{l}.test -all", "a postmaster.test": "127.0.0.2"})
    outcome = check(zone, sender="")
    assert (outcome.result, outcome.domain) == (Result.PASS, "mx.helo.test")


def test_addresses_in_the_record_cost_one_question() -> None:
    zone = Zone({"txt b.test": "v=spf1 ip4:203.0.113.0/24 ip4:192.0.2.0/24 -all"})
    outcome = check(zone)
    assert (outcome.result, outcome.reason) == (Result.PASS, "ip4:192.0.2.0/24")
    assert zone.asked == ["txt b.test"]


@pytest.mark.parametrize(
    ("record", "failing"),
    [
        ("+all", "txt b.test"),
        ("a +all", "a b.test"),
        ("mx +all", "mx b.test"),
        ("mx +all", "a mail.b.test"),
        ("exists:x.test +all", "a x.test"),
        ("include:pass.test +all", "txt pass.test"),
        ("redirect=pass.test", "txt pass.test"),
    ],
)
def test_without_an_answer_it_is_for_now(record: str, failing: str) -> None:
    zone = Zone(NAMES | {"txt b.test": f"v=spf1 {record}"}, failing=(failing,))
    outcome = check(zone)
    assert outcome.result is Result.TEMPERROR
    assert failing in outcome.reason


def test_names_of_the_client_without_an_answer_are_none() -> None:
    records = NAMES | {"txt b.test": "v=spf1 ptr ?all"}
    assert check(Zone(records, failing=("ptr 192.0.2.1",))).result is Result.NEUTRAL
    assert check(Zone(records, failing=("a mail.b.test",))).result is Result.PASS  # another name leads back


def test_only_ten_names_of_the_client_are_looked_at() -> None:
    names = tuple(f"n{number}.b.test" for number in range(11))
    records: Records = {"txt b.test": "v=spf1 ptr -all", "ptr 192.0.2.1": names, "a n10.b.test": "192.0.2.1"}
    assert check(records).result is Result.FAIL
    assert check(records | {"a n9.b.test": "192.0.2.1"}).result is Result.PASS


def test_a_long_name_loses_labels_on_the_left() -> None:
    local_part = ".".join(["x" * 61] * 4)
    records: Records = {
        "txt b.test": "v=spf1 exists:%{l}.%{d} -all",
        f"a {'.'.join(['x' * 61] * 3)}.b.test": "127.0.0.2",
    }
    assert check(records, sender=f"{local_part}@b.test").result is Result.PASS


_TERMS = some.sampled_from(
    [
        "a",
        "mx",
        "ptr",
        "-all",
        "include:b.test",
        "exists:%{l1r-}.%{p}.%{d}",
        "redirect=b.test",
        "a:%{h}",
        "ip4:1.2.3.4/%",
    ]
)
_TEXT = some.text(max_size=60)


@given(some.lists(_TERMS | _TEXT, max_size=15), _TEXT, _TEXT, some.ip_addresses())
def test_nothing_raises(terms: list[str], local_part: str, helo: str, client: object) -> None:
    zone = Zone(NAMES | {"txt b.test": "v=spf1 " + " ".join(terms), f"ptr {client}": ("b.test", helo)})
    outcome = check(zone, str(client), f"{local_part}@b.test", helo)
    assert isinstance(outcome.result, Result)
    assert len(zone.asked) <= 10 * 11 + 12
