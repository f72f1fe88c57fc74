"""The transaction's reference: form, order, and what people make of it when they type it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailcenter.mail.reference import ALPHABET, EPOCH, LENGTH, moment_of, normalise_reference, reference_at

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2089, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone follows
ENTROPY = st.integers(0, 2**24 - 1)


@given(MOMENTS, ENTROPY)
def test_holds_its_moment(moment: datetime, entropy: int) -> None:
    reference = reference_at(moment, entropy)
    assert len(reference) == LENGTH
    assert set(reference) <= set(ALPHABET)
    assert timedelta(0) <= moment - moment_of(reference) < timedelta(milliseconds=1)


@given(MOMENTS, MOMENTS, ENTROPY, ENTROPY)
def test_sorts_by_time(first: datetime, second: datetime, entropy: int, other: int) -> None:
    if second - first >= timedelta(milliseconds=1):
        assert reference_at(first, entropy) < reference_at(second, other)


def test_known_value() -> None:
    assert reference_at(EPOCH, 0) == "0000000000000"
    assert reference_at(EPOCH, 33) == "0000000000011"
    assert reference_at(EPOCH + timedelta(milliseconds=1), 0) == "00000000g0000"


@pytest.mark.parametrize("typed", ["06pgm5j1w4oil", " 06PGM-5J1W-4OIL ", "[06pgm5j1w4oil]", "06pgm 5j1w4 011"])
def test_forgives_how_it_is_typed(typed: str) -> None:
    assert normalise_reference(typed) == "06pgm5j1w4011"


@pytest.mark.parametrize("typed", ["", "06pgm5j1w401", "06pgm5j1w40111", "06pgm5j1w401u", "alice@a.test"])
def test_refuses_what_is_none(typed: str) -> None:
    assert normalise_reference(typed) is None
    with pytest.raises(ValueError, match="not a reference"):
        moment_of(typed)


def test_refuses_moments_and_entropy_out_of_range() -> None:
    with pytest.raises(ValueError, match="no reference"):
        reference_at(EPOCH - timedelta(milliseconds=1), 0)
    with pytest.raises(ValueError, match="no reference"):
        reference_at(datetime(2100, 1, 1, tzinfo=UTC), 0)
    with pytest.raises(ValueError, match="24 bits"):
        reference_at(EPOCH, 1 << 24)
