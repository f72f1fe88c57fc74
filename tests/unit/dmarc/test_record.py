"""Policy records: the grammar of RFC 9989 section 4.8, and what is done with records that do not keep to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailcenter.dmarc.record import Record, is_record, parse_record
from mailcenter.dmarc.report_uri import ReportUri
from mailcenter.dmarc.words import Alignment, Policy, Psd


def read(text: str) -> Record:
    record = parse_record(text)
    assert record is not None
    return record


def test_all_tags_are_read() -> None:
    record = read(
        "v=DMARC1; p=reject; sp=quarantine; np=none; t=y; psd=n; adkim=s; aspf=s; fo=1:d:s;"
        " rua=mailto:a@example.org,mailto:b@example.net; ruf=mailto:c@example.org"
    )
    assert (record.p, record.sp, record.np) == (Policy.REJECT, Policy.QUARANTINE, Policy.NONE)
    assert record.testing
    assert record.psd is Psd.NO
    assert (record.adkim, record.aspf) == (Alignment.STRICT, Alignment.STRICT)
    assert [uri.address for uri in record.rua] == ["a@example.org", "b@example.net"]
    assert record.ruf == (ReportUri("mailto:c@example.org", "c@example.org"),)
    assert record.fo == ("1", "d", "s")
    assert record.errors == ()


def test_defaults() -> None:
    record = read("v=DMARC1")
    assert record == Record("v=DMARC1")
    assert record.is_applicable


@pytest.mark.parametrize("text", ["v=DMARC1", "V = DMARC1 ;p=none", "v\t=\tDMARC1;", "v=DMARC1 ; p=none ;"])
def test_what_is_a_record(text: str) -> None:
    assert is_record(text)
    assert parse_record(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=DMARC2; p=none",
        "v=dmarc1; p=none",
        "p=none; v=DMARC1",
        "v=DMARC1 p=none",
        "DMARC1",
        "v=spf1 -all",
        "; v=DMARC1",
    ],
)
def test_what_is_no_record(text: str) -> None:
    assert parse_record(text) is None


def test_unknown_and_old_tags_are_passed_over() -> None:
    record = read("v=DMARC1; pct=20; ri=3600; rf=afrf; x=y; p=reject")
    assert record.p is Policy.REJECT
    assert record.errors == ()


def test_case_of_names_and_words_means_nothing() -> None:
    record = read("v=DMARC1; P=Reject; ADKIM=S")
    assert (record.p, record.adkim) == (Policy.REJECT, Alignment.STRICT)


@pytest.mark.parametrize("tags", ["p=refuse", "p=reject; sp=x", "p=reject; np=", "p=reject; p=reject", "p=rej\u00e9ct"])
def test_an_invalid_policy_needs_an_address_for_reports(tags: str) -> None:
    alone = read(f"v=DMARC1; {tags}")
    assert not alone.is_applicable
    assert alone.errors
    with_rua = read(f"v=DMARC1; {tags}; rua=mailto:a@example.org")
    assert with_rua.is_applicable
    assert (with_rua.p, with_rua.sp, with_rua.np) == (Policy.NONE, None, None)


@pytest.mark.parametrize("tags", ["adkim=x", "aspf=rs", "t=maybe", "psd=z", "fo=0:1", "fo=2", "fo=d:d"])
def test_other_errors_leave_the_default(tags: str) -> None:
    record = read(f"v=DMARC1; p=reject; ruf=mailto:a@example.org; {tags}")
    assert record.p is Policy.REJECT
    assert (record.adkim, record.aspf, record.testing, record.psd, record.fo) == (
        Alignment.RELAXED,
        Alignment.RELAXED,
        False,
        Psd.UNKNOWN,
        ("0",),
    )
    assert len(record.errors) == 1


def test_fo_without_ruf_is_ignored() -> None:
    assert read("v=DMARC1; fo=1").fo == ("0",)


def test_report_addresses() -> None:
    record = read(
        "v=DMARC1; rua= mailto:a@example.org!10m , https://example.org/r?a=b, mailto:nobody, mailto:b%2Cc@example.org"
    )
    assert [(uri.uri, uri.address) for uri in record.rua] == [
        ("mailto:a@example.org", "a@example.org"),
        ("https://example.org/r?a=b", ""),
    ]
    assert len(record.errors) == 2, "no domain; and a comma, which needs quotes in an address"


def test_something_that_is_no_tag_is_noted() -> None:
    record = read("v=DMARC1; p=reject; what; =x;; ;t=n")
    assert record.p is Policy.REJECT
    assert len(record.errors) == 2


@given(st.text(max_size=300))
def test_nothing_makes_the_reader_fail(text: str) -> None:
    parse_record(text)
    record = read("v=DMARC1;" + text)
    assert record.is_applicable or record.errors


@given(
    st.lists(
        st.sampled_from(
            ["p", "sp", "np", "t", "psd", "rua", "fo", "=", ";", " ", "reject", "y", "mailto:a@b.example", ","]
        )
    )
)
def test_near_misses_never_make_the_reader_fail(pieces: list[str]) -> None:
    read("v=DMARC1;" + "".join(pieces))
