"""Author domains: what stands in From fields, the honest and the crafted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailcenter.dmarc.author import TooManyAuthors, author_domains


@pytest.mark.parametrize(
    ("field", "domains"),
    [
        ("alice@example.com", ["example.com"]),
        ("Alice <alice@Example.COM>", ["example.com"]),
        ('"Bob, of bank@bank.example" <bob@evil.example>', ["evil.example"]),
        ('"a\\"b <x@bank.example>" <bob@evil.example>', ["evil.example"]),
        ("ceo@bank.example <bob@evil.example>", ["evil.example"]),
        ("Bob (of <x@bank.example>, really (yes)) <bob@evil.example>", ["evil.example"]),
        ("=?utf-8?q?J=C3=BCrgen?= <j@m\u00fcller.example>", ["xn--mller-kva.example"]),
        ("J <j@m\udcc3\udcbcller.example>", ["xn--mller-kva.example"]),
        ('<"a@b,c"@example.com>', ["example.com"]),
        ("Alice\r\n <alice@\r\n example.com>", ["example.com"]),
        ("<alice@example.com.>", ["example.com"]),
        ("a@example.com, b@example.net", ["example.com", "example.net"]),
        ("a@example.com, b@example.com", ["example.com"]),
        ("<a@example.com> <b@example.net>", ["example.com", "example.net"]),
        ("Team: a@example.com, B <b@example.net>;", ["example.com", "example.net"]),
        ("<@relay.example:a@example.com>", ["example.com"]),
        ("<a@example.com", ["example.com"]),
        ("undisclosed:;", []),
        ("", []),
        ("nobody", []),
        ("<>", []),
        ("a@[192.0.2.1]", []),
        ("a@exa mple@@", []),
    ],
)
def test_one_field(field: str, domains: list[str]) -> None:
    assert list(author_domains([field])) == domains


def test_several_fields_are_several_authors() -> None:
    assert author_domains(["a@example.com", "b@example.net", "c@example.com"]) == ("example.com", "example.net")
    assert author_domains([]) == ()


def test_authors_without_end_are_refused() -> None:
    with pytest.raises(TooManyAuthors):
        author_domains([", ".join(f"a@d{number}.example" for number in range(11))])


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_no_character_makes_the_reader_fail(field: str) -> None:
    author_domains([field, f"a@{field}"])


@given(st.text(alphabet='ab@<>(),;:"\\[]. \r\n', max_size=60))
def test_nothing_makes_the_reader_fail(field: str) -> None:
    for domain in author_domains([field]):
        assert domain == domain.lower().strip()


def test_a_megabyte_of_openings_is_read_in_time() -> None:
    for field in ("(" * 1_000_000, '"' * 999_999, "<" * 1_000_000, "[" * 1_000_000, ":" * 1_000_000):
        assert author_domains([field]) == ()
