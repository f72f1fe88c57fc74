"""The tree walk: the examples of RFC 9989 section 4.10, and the corners beside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailcenter.dmarc.dns import found
from mailcenter.dmarc.tree_walk import TreeWalk, TreeWalkFailed, targets
from tests.unit.dmarc.zones import Zone, walked

PLAIN = "v=DMARC1; p=reject"
PSD = "v=DMARC1; p=reject; psd=y"
ORGANIZATION = "v=DMARC1; p=reject; psd=n"


def test_the_long_name_of_section_4_10_needs_eight_questions() -> None:
    zone = Zone({})
    walked("a.b.c.d.e.f.g.h.i.j.mail.example.com", zone)
    assert zone.asked == [
        "_dmarc.a.b.c.d.e.f.g.h.i.j.mail.example.com",
        "_dmarc.g.h.i.j.mail.example.com",
        "_dmarc.h.i.j.mail.example.com",
        "_dmarc.i.j.mail.example.com",
        "_dmarc.j.mail.example.com",
        "_dmarc.mail.example.com",
        "_dmarc.example.com",
        "_dmarc.com",
    ]


@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 10, 120])
def test_at_most_eight_questions(count: int) -> None:
    names = targets(".".join(["a"] * count))
    assert len(names) == min(count, 8)
    assert names[-1] == "a"
    if count > 1:
        assert names[1].count(".") == min(count - 2, 6)


@pytest.mark.parametrize(
    ("records", "organizational_domain"),
    [
        ({"mail.example.com": PLAIN, "example.com": PLAIN}, "example.com"),
        ({"mail.example.com": ORGANIZATION, "example.com": PLAIN}, "mail.example.com"),
        ({"com": PSD}, "example.com"),
        ({}, "a.mail.example.com"),
        ({"example.com": PSD}, "mail.example.com"),
        ({"a.mail.example.com": PLAIN}, "a.mail.example.com"),
        ({"a.mail.example.com": PSD, "com": PLAIN}, "a.mail.example.com"),
        ({"mail.example.com": (PLAIN, PLAIN), "example.com": PLAIN}, "example.com"),
        ({"example.com": ("v=spf1 -all", PLAIN)}, "example.com"),
        ({"example.com": (PSD, PSD)}, "a.mail.example.com"),
        ({"com": PLAIN}, "com"),
    ],
)
def test_organizational_domain(records: dict[str, str | tuple[str, ...]], organizational_domain: str) -> None:
    assert walked("a.mail.example.com", Zone(records)).organizational_domain == organizational_domain


@pytest.mark.parametrize(
    ("records", "policy_domain"),
    [
        ({"a.mail.example.com": PLAIN, "example.com": PLAIN}, "a.mail.example.com"),
        ({"mail.example.com": PLAIN, "example.com": PLAIN}, "example.com"),
        ({"mail.example.com": ORGANIZATION, "example.com": PLAIN}, "mail.example.com"),
        ({"mail.example.com": PLAIN, "com": PSD}, "com"),
        ({"example.com": PLAIN, "com": PSD}, "example.com"),
        ({"com": PSD}, "com"),
        ({}, None),
        ({"example.com": (PLAIN, PLAIN)}, None),
    ],
)
def test_policy_domain(records: dict[str, str | tuple[str, ...]], policy_domain: str | None) -> None:
    policy = walked("a.mail.example.com", Zone(records)).policy
    assert (policy.domain if policy else None) == policy_domain


def test_psd_ends_the_walk() -> None:
    zone = Zone({"mail.example.com": ORGANIZATION})
    walked("a.mail.example.com", zone)
    assert zone.asked[-1] == "_dmarc.mail.example.com"


def test_several_records_are_told() -> None:
    assert walked("example.com", Zone({"example.com": (PLAIN, PLAIN)})).errors == [
        "example.com publishes 2 DMARC policy records"
    ]


def test_a_failing_dns_leaves_no_organizational_domain_but_keeps_the_own_record() -> None:
    walk = walked("a.example.com", Zone({"a.example.com": PLAIN}, failing=("_dmarc.com",)))
    assert walk.policy is not None
    with pytest.raises(TreeWalkFailed, match="com"):
        _ = walk.organizational_domain
    with pytest.raises(TreeWalkFailed):
        _ = walked("a.example.com", Zone({}, failing=("_dmarc.example.com",))).policy


def test_using_it_wrongly_is_our_fault() -> None:
    walk = TreeWalk("com")
    with pytest.raises(RuntimeError, match="not ended"):
        _ = walk.organizational_domain
    walk.answer(found())
    with pytest.raises(RuntimeError, match="has ended"):
        walk.answer(found())


@given(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=14),
    st.dictionaries(st.integers(0, 13), st.sampled_from([PLAIN, PSD, ORGANIZATION, "v=DMARC1; p=x"])),
)
def test_the_organizational_domain_is_the_domain_or_above_it(labels: list[str], records: dict[int, str]) -> None:
    domain = ".".join(labels)
    zone = Zone({".".join(labels[start:]): record for start, record in records.items() if start < len(labels)})
    walk = walked(domain, zone)
    assert len(zone.asked) <= 8
    assert ("." + domain).endswith("." + walk.organizational_domain)
