"""Domain names: what may become one of ours, and what merely comes over the wire."""

from __future__ import annotations

import pytest

from mailcenter.mail.domain import DomainError, lenient_domain, normalise_domain, to_unicode


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Example.ORG", "example.org"),
        (" example.org. ", "example.org"),
        ("Bücher.test", "xn--bcher-kva.test"),
        ("XN--BCHER-KVA.test", "xn--bcher-kva.test"),
        ("straße.test", "xn--strae-oqa.test"),
        ("3com.test", "3com.test"),
    ],
)
def test_one_form(typed: str, name: str) -> None:
    assert normalise_domain(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "localhost",
        "a b.test",
        "-a.test",
        "a-.test",
        "a_b.test",
        "a..test",
        ".test",
        "192.0.2.1",
        "[192.0.2.1]",
        "xn--a.test",
        f"{'a' * 64}.test",
        "a." * 127 + "test",
        "a\x00b.test",
        "*.test",
    ],
)
def test_refused(typed: str) -> None:
    with pytest.raises(DomainError):
        normalise_domain(typed)


def test_wire_is_taken_as_it_comes() -> None:
    assert lenient_domain("_spf.A-") == "_spf.a-"
    with pytest.raises(DomainError):
        lenient_domain("a b")


def test_unicode_keeps_what_it_cannot_decode() -> None:
    assert to_unicode("xn--bcher-kva.test") == "bücher.test"
    assert to_unicode("xn--a.test") == "xn--a.test"
    assert to_unicode("plain.test") == "plain.test"
