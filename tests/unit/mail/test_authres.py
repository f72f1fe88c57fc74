"""Authentication-Results: the field we write, and fields that bear our name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailcenter.mail.authres import MethodResult, Property, build, claims_to_be_from

HOST = "mx.demo.example"


def test_nothing_checked() -> None:
    assert build(HOST, []) == b"mx.demo.example;\n\tnone"


def test_methods_with_properties() -> None:
    results = [
        MethodResult("spf", "pass", (Property("smtp", "mailfrom", "a@b.test"),)),
        MethodResult("dkim", "fail", (Property("header", "d", "b.test"), Property("header", "s", "s1")), 'bad "hash"'),
    ]
    assert build(HOST, results) == (
        b"mx.demo.example;\n\tspf=pass smtp.mailfrom=a@b.test;"
        b'\n\tdkim=fail reason="bad \\"hash\\"" header.d=b.test header.s=s1'
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a b", '"a b"'),
        ("2001:db8::1", '"2001:db8::1"'),
        ("a;b=c", '"a;b=c"'),
        ('"a b"@c.test', '"\\"a b\\"@c.test"'),
        ("x\r\ny", '"x??y"'),
        ("jö@b.test", "j?@b.test"),
        ("", '""'),
    ],
)
def test_values_cannot_break_out(value: str, written: str) -> None:
    field = build(HOST, [MethodResult("spf", "pass", (Property("smtp", "helo", value),))])
    expected = f"smtp.helo={written}"
    assert field.decode().endswith(expected) or field.decode().endswith(expected.replace("j?@b.test", '"j?@b.test"'))
    assert field.count(b"\n") == 1


@pytest.mark.parametrize(
    "value",
    [
        b" mx.demo.example; spf=pass",
        b"mx.demo.example;spf=pass",
        b" MX.Demo.Example ; spf=pass",
        b" mx.demo.example 1; spf=pass",
        b"\n mx.demo.example;\n spf=pass",
        b" (comment) mx.demo.example; spf=pass",
        b" (a (nested; \\) one) b)\n\t(two)mx.demo.example; spf=pass",
        b' "mx.demo.example"; spf=pass',
        b' "MX.demo\\.example"; spf=pass',
        b" mx.demo.example(comment); spf=pass",
        b" mx.demo.example.; spf=pass",
        b" mx.demo.example",
        b" (never closed mx.demo.example; spf=pass",
        b' "never closed mx.demo.example; spf=pass',
        b" mx.demo.example/x; spf=pass",
    ],
)
def test_recognised_as_forged(value: bytes) -> None:
    assert claims_to_be_from(value, HOST)


@pytest.mark.parametrize(
    "value",
    [
        b" other.example; spf=pass smtp.helo=mx.demo.example",
        b" (mx.demo.example) other.example; spf=pass",
        b" mx.demo.example.evil.test; spf=pass",
        b" xmx.demo.example; spf=pass",
        b"",
        b" ; spf=pass",
        b" (never closed",
    ],
)
def test_others_are_kept(value: bytes) -> None:
    assert not claims_to_be_from(value, HOST)


@given(st.binary(max_size=300))
def test_any_bytes_are_judged(value: bytes) -> None:
    assert isinstance(claims_to_be_from(value, HOST), bool)
