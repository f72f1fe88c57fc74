"""The policy: the domain's word before the platform's, and the last day is still a good one."""

from __future__ import annotations

from datetime import date

import pytest

from mailcenter.passwords.policy import Policy

DAY = date(2027, 3, 31)


def test_a_domain_has_the_last_word() -> None:
    policy = Policy(minimum_score=3, deadline=DAY)
    assert (policy.minimum(None), policy.minimum(0), policy.minimum(4)) == (3, 0, 4)
    assert policy.last_day(None) == DAY
    assert policy.last_day(date(2026, 1, 1)) == date(2026, 1, 1)


def test_operators_have_a_word_before_the_configuration() -> None:
    configured = Policy(minimum_score=3, deadline=DAY)
    assert configured.changed(None, None) == configured
    assert configured.changed(0, date(2028, 1, 1)) == Policy(minimum_score=0, deadline=date(2028, 1, 1))


@pytest.mark.parametrize(
    ("platform", "domain", "today", "over"),
    [
        (None, None, date(2099, 1, 1), False),
        (DAY, None, DAY, False),
        (DAY, None, date(2027, 4, 1), True),
        (DAY, date(2027, 12, 31), date(2027, 4, 1), False),
        (None, DAY, date(2027, 4, 1), True),
    ],
)
def test_weak_passwords_work_until_the_end_of_the_last_day(
    platform: date | None, domain: date | None, today: date, over: bool
) -> None:
    assert Policy(minimum_score=3, deadline=platform).is_over(domain, today) is over
