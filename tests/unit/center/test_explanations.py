"""Each reply of the gate has cause and remedy, in both languages; none is left over."""

from __future__ import annotations

import pytest
from django.utils import translation

from mailcenter.center.explanations import ALL
from mailcenter.center.explanations.hints import HINTS
from mailcenter.center.explanations.postfix import OF_POSTFIX
from mailcenter.engines.platform.database import compile_messages
from mailcenter.policy import replies


@pytest.fixture(scope="module", autouse=True)
def _current_texts() -> None:
    compile_messages()


def test_every_reply_is_explained_and_nothing_else() -> None:
    assert set(ALL) == set(replies.ALL)


@pytest.mark.parametrize("name", sorted(replies.ALL))
def test_cause_and_remedy_stand_in_both_languages(name: str) -> None:
    told = ALL[name]
    for text in (told.title, told.cause, told.remedy, *(HINTS[hint] for hint in told.hints)):
        _stands_in_both(text)


@pytest.mark.parametrize("row", OF_POSTFIX, ids=lambda row: str(row[0])[:9])
def test_what_postfix_says_is_explained_in_both_languages(row: tuple[object, ...]) -> None:
    for text in row[1:]:
        _stands_in_both(text)


def test_no_hint_is_left_over() -> None:
    assert {hint for told in ALL.values() for hint in told.hints} == set(HINTS)


def _stands_in_both(text: object) -> None:
    with translation.override("en"):
        english = str(text)
    with translation.override("de"):
        german = str(text)
    assert english
    assert german
    assert english != german
