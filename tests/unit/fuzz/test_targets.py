"""The fuzzer's targets take their own seeds, each cut and with a byte changed."""

from __future__ import annotations

import pytest

from tests.fuzz import NAMES
from tests.fuzz.targets import TARGETS


def test_every_target_has_a_name_to_be_called_by() -> None:
    assert tuple(TARGETS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_seeds_pass(name: str) -> None:
    target = TARGETS[name]
    for seed in target.seeds():
        changed = seed[: len(seed) // 3] + b"\xff" + seed[len(seed) // 3 + 1 :]
        for data in (seed, seed[: len(seed) // 2], changed):
            target.run(data[: target.longest])
