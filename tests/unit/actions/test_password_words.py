"""zxcvbn's words: each has ours, in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import zxcvbn.feedback
from django.utils import translation

from mailcenter.actions.password_words import TEXTS, explained
from mailcenter.passwords.strength import judge


def texts_of_the_library() -> set[str]:
    """Every text that its module gives to gettext."""
    tree = ast.parse(Path(zxcvbn.feedback.__file__).read_text("utf-8"))
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "gettext")
    ]
    return {" ".join(str(ast.literal_eval(call.args[0])).split()) for call in calls}


def test_every_text_of_the_library_has_ours() -> None:
    assert texts_of_the_library() == {" ".join(text.split()) for text in TEXTS}


@pytest.mark.parametrize("text", sorted(TEXTS))
def test_every_text_is_german_as_well(text: str) -> None:
    with translation.override("de"):
        german = str(TEXTS[text])
    with translation.override("en"):
        assert str(TEXTS[text]) != german


def test_a_refusal_says_what_is_wrong_and_what_helps() -> None:
    with translation.override("en"):
        said = explained(judge("abcdefghijk"))
    assert said.startswith("This password is too easy to guess. Sequences like")
    assert "Add another word or two." in said
