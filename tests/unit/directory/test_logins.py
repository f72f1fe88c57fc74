"""Logins: however typed, one stored form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailcenter.directory.logins import normal_login


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Operator ", "operator"),
        ("Alice@Demo.EXAMPLE", "alice@demo.example"),
        ("jürgen@BÜCHER.example", "jürgen@xn--bcher-kva.example"),
        ("ju\u0308rgen@xn--bcher-kva.example", "jürgen@xn--bcher-kva.example"),
        ("not an @ address", "not an @ address"),
        ("", ""),
    ],
)
def test_one_form(typed: str, stored: str) -> None:
    assert normal_login(typed) == stored


@given(st.text(max_size=100))
def test_never_raises_and_is_stable(text: str) -> None:
    once = normal_login(text)
    assert normal_login(once) == once
