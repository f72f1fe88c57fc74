"""Codes of authenticator apps: the values of RFC 6238, and what counts twice, too early or too late."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from mailcenter.directory.totp import SECONDS, matching_step, new_secret, uri

SECRET = base64.b32encode(b"12345678901234567890").decode()


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_values_of_rfc_6238(seconds: int, code: str) -> None:
    assert matching_step(SECRET, code, _at(seconds)) == seconds // SECONDS
    assert matching_step(SECRET, f"{code[:3]} {code[3:]}", _at(seconds)) == seconds // SECONDS, "as apps show it"


def test_a_clock_may_be_half_a_minute_off_and_not_more() -> None:
    now = _at(1111111109)
    for off in (-SECONDS, SECONDS):
        assert matching_step(SECRET, "081804", now + timedelta(seconds=off)) is not None
    for off in (-2 * SECONDS, 3 * SECONDS):
        assert matching_step(SECRET, "081804", now + timedelta(seconds=off)) is None


def test_a_code_counts_once() -> None:
    now = _at(1111111109)
    step = matching_step(SECRET, "081804", now)
    assert step is not None
    assert matching_step(SECRET, "081804", now, after=step) is None
    assert matching_step(SECRET, "081804", now, after=step - 1) == step


@pytest.mark.parametrize("typed", ["", "28708", "2870822", "abcdef", "२८७०८२", "287082\x00"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert matching_step(SECRET, typed, _at(59)) is None


def test_secrets_are_of_160_bits_and_never_the_same() -> None:
    assert len(base64.b32decode(new_secret())) == 20
    assert new_secret() != new_secret()


def test_the_uri_names_platform_and_login() -> None:
    assert uri(SECRET, "anna@example.org", "mail.example.org") == (
        f"otpauth://totp/mail.example.org:anna%40example.org?secret={SECRET}&issuer=mail.example.org"
    )
