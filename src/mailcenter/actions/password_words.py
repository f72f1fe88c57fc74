"""What is wrong with a weak password, and what helps, in the user's language."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mailcenter.passwords.strength import Strength

TEXTS: Final[dict[str, str | Promise]] = {
    "Use a few words, avoid common phrases.": _("Use a few words, avoid common phrases."),
    "No need for symbols, digits, or uppercase letters.": _("No need for symbols, digits, or uppercase letters."),
    "Add another word or two. Uncommon words are better.": _("Add another word or two. Uncommon words are better."),
    "Straight rows of keys are easy to guess.": _("Straight rows of keys are easy to guess."),
    "Short keyboard patterns are easy to guess.": _("Short keyboard patterns are easy to guess."),
    "Use a longer keyboard pattern with more turns.": _("Use a longer keyboard pattern with more turns."),
    'Repeats like "aaa" are easy to guess.': _('Repeats like "aaa" are easy to guess.'),
    'Repeats like "abcabcabc" are only slightly harder to guess than "abc".': _(
        'Repeats like "abcabcabc" are only slightly harder to guess than "abc".'
    ),
    "Avoid repeated words and characters.": _("Avoid repeated words and characters."),
    'Sequences like "abc" or "6543" are easy to guess.': _('Sequences like "abc" or "6543" are easy to guess.'),
    "Avoid sequences.": _("Avoid sequences."),
    "Recent years are easy to guess.": _("Recent years are easy to guess."),
    "Avoid recent years.": _("Avoid recent years."),
    "Avoid years that are associated with you.": _("Avoid years that are associated with you."),
    "Dates are often easy to guess.": _("Dates are often easy to guess."),
    "Avoid dates and years that are associated with you.": _("Avoid dates and years that are associated with you."),
    "This is a top-10 common password.": _("This is one of the ten most common passwords."),
    "This is a top-100 common password.": _("This is one of the hundred most common passwords."),
    "This is a very common password.": _("This is a very common password."),
    "This is similar to a commonly used password.": _("This is similar to a commonly used password."),
    "A word by itself is easy to guess.": _("A word by itself is easy to guess."),
    "Names and surnames by themselves are easy to guess.": _("Names and surnames by themselves are easy to guess."),
    "Common names and surnames are easy to guess.": _("Common names and surnames are easy to guess."),
    "Capitalization doesn't help very much.": _("Capital letters do not help very much."),
    "All-uppercase is almost as easy to guess as all-lowercase.": _("Capitals alone are almost as easy to guess."),
    "Reversed words aren't much harder to guess.": _("Reversed words are not much harder to guess."),
    "Predictable substitutions like '@' instead of 'a' don't help very much.": _(
        "Substitutions that everybody knows, like @ instead of a, do not help very much."
    ),
}
"""zxcvbn's texts; `tests/unit/actions/test_password_words.py` holds them against the library's."""


def explained(strength: Strength) -> str:
    """Why a password is refused: one line for people."""
    said = [gettext("This password is too easy to guess.")]
    said += [str(TEXTS.get(text, text)) for text in (strength.warning, *strength.suggestions) if text]
    return " ".join(said)
