"""Records of SPF as they stand in the DNS: which are records, and what is wrong in some."""

from __future__ import annotations

import pytest

from mailcenter.spf.errors import PermError
from mailcenter.spf.syntax import is_record, parse_record


@pytest.mark.parametrize("text", ["v=spf1", "v=spf1 ", "V=SPF1 -all", "v=spf1   a  mx "])
def test_is_a_record(text: str) -> None:
    assert is_record(text)
    parse_record(text)


@pytest.mark.parametrize("text", ["", "v=spf10 -all", "v=spf2.0/mfrom -all", "v=spf1-all", "v=spf1\t-all", " v=spf1"])
def test_is_another_record(text: str) -> None:
    assert not is_record(text)


@pytest.mark.parametrize(
    "terms",
    [
        "all",
        "+A -mX ~Ptr ?ALL",
        "a:b.test/24 a/0 a//0 a/32//128 mx:b.test//64",
        "a:%{d} a:x.%{d2r-}.test a:b.test.",
        "a:foo/24.test",
        "ip4:192.0.2.0/24 ip4:0.0.0.0/0 ip6:2001:db8::/32 ip6:::1 ip6:::ffff:192.0.2.1/96",
        "exists:%{ir}.%{v}._spf.%{d2} exists:%{L}.%{S}.%{o}.%{h}.%{p}.test",
        "include:%%.%_.%-.test",
        "redirect=_spf.%{d} exp=why.%{d}",
        "moo= x.y-z_9=%{l}%%! default=pass",
        "a:b.xn--p1ai a:b.t-1",
    ],
)
def test_is_right(terms: str) -> None:
    parse_record(f"v=spf1 {terms}")


@pytest.mark.parametrize(
    "terms",
    [
        "al",
        "all:b.test",
        "all/8",
        "-",
        "--all",
        "- all",
        "=x",
        "a:",
        "a:test",
        "a:b.123",
        "a:b.-test",
        "a:b.test-",
        "a:b..",
        "a:b.test/",
        "a:b.test/33",
        "a/024",
        "a//129",
        "a//",
        "a/8/8",
        "a/8//",
        "a:%{d}com",
        "a:%{d",
        "a:%d.test",
        "a:%{x}",
        "a:%{d0}",
        "a:%{d00}",
        "a:%{c}.test",
        "a:b\x7f.test",
        "a:\xe4.test",
        "mx:",
        "ptr:",
        "ptr/24",
        "ptr:b",
        "include",
        "include:",
        "include/24",
        "include:b.test/24",
        "exists",
        "exists:",
        "exists:b.test/24",
        "ip4",
        "ip4:",
        "ip4:192.0.2",
        "ip4:192.0.2.01",
        "ip4:192.0.2.1/33",
        "ip4:192.0.2.1/",
        "ip4:192.0.2.1/08",
        "ip4:192.0.2.1/+8",
        "ip4:192.0.2.1:25",
        "ip4/192.0.2.1",
        "ip4:::1",
        "ip6",
        "ip6:2001:db8::/129",
        "ip6:2001:db8::%eth0",
        "ip6:192.0.2.1",
        "redirect=",
        "redirect=b",
        "redirect=b.test redirect=b.test",
        "exp=",
        "exp=b.test exp=b.test",
        "REDIRECT=b.test redirect=c.test",
        "a=%b",
        "moo=%",
        "moo=%{z}",
        "1moo=x",
        "a\tmx",
        "\xa0",
    ],
)
def test_is_wrong(terms: str) -> None:
    with pytest.raises(PermError):
        parse_record(f"v=spf1 {terms} -all")


def test_all_makes_redirect_meaningless() -> None:
    assert parse_record("v=spf1 redirect=b.test ~all").redirect is None
    assert parse_record("v=spf1 redirect=b.test").redirect is not None


def test_a_number_without_end_costs_nothing() -> None:
    assert len(parse_record(f"v=spf1 a:%{{d{'9' * 10_000}}}").mechanisms) == 1
