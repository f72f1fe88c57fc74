"""Attempts as the services tell them, odd ones too."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest

from mailcenter.guard.attempt import BY_PROTOCOL, SERVICES, Attempt, is_whole_address, is_within, read_attempt


def test_an_attempt_is_read() -> None:
    assert read_attempt("smtp", "192.0.2.7", "Alice@Demo.Example", "ab12") == Attempt(
        "submission", "192.0.2.7", "192.0.2.7", "alice@demo.example", "ab12"
    )


def test_an_ipv6_client_is_its_network() -> None:
    attempt = read_attempt("imap", "2001:db8:1:2:3::4", "a", "b")
    assert attempt is not None
    assert attempt.network == "2001:db8:1:2::/64"


@pytest.mark.parametrize(
    "said",
    [("lmtp", "192.0.2.7", "a", "b"), ("imap", "", "a", "b"), ("imap", "nonsense", "a", "b"), (None, None, None, None)],
)
def test_what_is_no_login_of_people_is_not_judged(said: tuple[Any, Any, Any, Any]) -> None:
    assert read_attempt(*said) is None


def test_odd_values_are_bounded() -> None:
    attempt = read_attempt("web", "192.0.2.7", "x" * 10_000, "y" * 10_000)
    assert attempt is not None
    assert (len(attempt.login), len(attempt.guess)) == (320, 128)
    assert read_attempt("web", "192.0.2.7", None, 5) == Attempt("web", "192.0.2.7", "192.0.2.7", "", "")


def test_every_service_has_a_protocol() -> None:
    assert set(BY_PROTOCOL.values()) == set(SERVICES)


def test_networks_of_both_kinds() -> None:
    networks = (ip_network("192.0.2.0/24"), ip_network("2001:db8::/32"))
    assert is_within("192.0.2.200", networks)
    assert is_within("2001:db8:5::1", networks)
    assert not is_within("198.51.100.1", networks)
    assert not is_within("192.0.2.1", ())


@pytest.mark.parametrize("login", ["anna@customer.example", "anna@b@customer.example", "anna@müller.example"])
def test_a_whole_address(login: str) -> None:
    assert is_whole_address(login)


@pytest.mark.parametrize("login", ["", "anna", "customer.example\\anna", "@customer.example", "anna@", "@"])
def test_parts_of_an_address(login: str) -> None:
    assert not is_whole_address(login)
