"""Values from outside: bounded whatever they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from mailcenter.actions import ActionError, values
from mailcenter.actions.passwords import LONGEST, check_password
from mailcenter.cli.mailbox import quota_bytes
from mailcenter.directory.models import User
from mailcenter.passwords.policy import policy_of

T = TypeVar("T")


def attempt(check: Callable[[], T], field: str) -> T | None:
    """The checked value; None where it was refused with the field's name and a reason."""
    try:
        return check()
    except ActionError as error:
        refusal = error
    assert refusal.field == field
    assert refusal.message
    return None


@given(st.text(max_size=300))
def test_text_is_one_bounded_line_or_refused(text: str) -> None:
    line = attempt(lambda: values.text(text, "name"), "name")
    if line is not None:
        assert len(line) <= values.LONGEST_NAME
        assert len(line.splitlines()) <= 1
        assert values.text(line, "name") == line


@given(st.one_of(st.text(max_size=80), st.emails()))
def test_addresses_are_in_stored_form_or_refused(text: str) -> None:
    address = attempt(lambda: values.address(text, "address"), "address")
    if address is not None:
        assert values.address(address, "address") == address
        assert len(address) <= 320


@given(st.one_of(st.text(max_size=80), st.emails()))
def test_own_addresses_hold_nothing_that_a_program_could_take_for_a_command(text: str) -> None:
    own = attempt(lambda: values.own_address(text), "address")
    if own is not None:
        local_part, domain = own
        assert not set(local_part) & set("+%!|/*\\`\"'{}$ ")
        assert not local_part.startswith("-")
        assert values.own_address(f"{local_part}@{domain}") == own


@pytest.fixture(scope="module")
def configured() -> Iterator[None]:
    """Passwords are judged by the configured policy, as if the directory said nothing about it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mailcenter.actions.passwords.policy_in_force", lambda: policy_of(settings.MAILCENTER))
        yield


@pytest.mark.usefixtures("configured")
@given(st.text(max_size=300))
def test_passwords_are_bounded(password: str) -> None:
    if attempt(lambda: check_password(password, owner=User(login="a@demo.example")), "password") is not None:
        assert 10 <= len(password) <= LONGEST
        assert password.isprintable()


@pytest.mark.parametrize(
    ("typed", "size"),
    [("0", 0), ("123", 123), ("5k", 5 * 2**10), ("500M", 500 * 2**20), ("10g", 10 * 2**30), ("1T", 2**40)],
)
def test_sizes(typed: str, size: int) -> None:
    assert quota_bytes(typed) == size


@pytest.mark.parametrize("typed", ["", "G", "-1", "1.5G", "5X", "5GB", "٣", "9" * 30])
def test_what_is_no_size(typed: str) -> None:
    with pytest.raises(ActionError, match="is no size"):
        quota_bytes(typed)
