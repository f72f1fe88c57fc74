"""The cases of guesses at passwords, judged by the guard on a real Redis: what the page tells must stay so."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.guessing.cases import Case, cases
from bench.guessing.judges import by_the_guard

CASES = {case.name: case for case in cases()}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_no_owner_is_ever_turned_away(case: Case, tmp_path: Path) -> None:
    judged = by_the_guard(case, tmp_path)
    assert judged.wrongly_refused == 0
    assert judged.looked_at <= judged.guesses


def test_brute_force_ends_within_ten_guesses(tmp_path: Path) -> None:
    judged = by_the_guard(CASES["brute force: 200 passwords in 200 s"], tmp_path)
    assert (judged.looked_at, judged.guesses) == (10, 200)


def test_a_spread_attack_comes_to_an_end(tmp_path: Path) -> None:
    judged = by_the_guard(CASES["500 networks guess at one account while its owner works"], tmp_path)
    assert judged.good == 8
    assert judged.looked_at == 200


def test_tries_come_in_the_order_of_time() -> None:
    for case in CASES.values():
        moments = [one.at for one in (*case.known, *case.tries)]
        assert moments[len(case.known) :] == sorted(moments[len(case.known) :]), case.name
