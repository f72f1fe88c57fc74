"""The general pages about replies, for strangers: what each means, its cause and remedy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from mailcenter.center.explanations import ALL as EXPLANATIONS
from mailcenter.center.explanations.explanation import Explanation
from mailcenter.center.explanations.hints import HINTS
from mailcenter.center.explanations.postfix import OF_POSTFIX
from mailcenter.center.web.public import public
from mailcenter.policy.replies import ALL as REPLIES
from mailcenter.policy.replies import ReplyTemplate
from mailcenter.policy.reply_names import BY_SLUG, slug_of

_BLANK: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Entry:
    """A reply as the pages show it; `text` has its blanks as `…`."""

    name: str
    slug: str
    code: int
    enhanced: str
    text: str
    explanation: Explanation

    @property
    def temporary(self) -> bool:
        """The sender's server tries again by itself."""
        return 400 <= self.code < 500

    @property
    def hints(self) -> list[Promise | str]:
        """Useful hints, in words."""
        return [HINTS[hint] for hint in self.explanation.hints]


def entry_of(name: str) -> Entry:
    """The reply of this name in `mailcenter.policy.replies`."""
    template: ReplyTemplate = REPLIES[name]
    text = _BLANK.sub("…", template.text)
    return Entry(name, slug_of(name), template.code, template.enhanced, text, EXPLANATIONS[name])


@public
def index(request: HttpRequest) -> HttpResponse:
    """All replies."""
    return _list(request, list(EXPLANATIONS), everything=True)


@public
def show(request: HttpRequest, key: str) -> HttpResponse:
    """`key` is a reply's name, or a code or enhanced code that several may have."""
    name = BY_SLUG.get(key.lower())
    names = [name] if name else [one for one in EXPLANATIONS if key in (str(REPLIES[one].code), REPLIES[one].enhanced)]
    if len(names) == 1:
        return render(request, "center/replies/show.html", {"entry": entry_of(names[0])})
    return _list(request, names, status=200 if names else 404, key=key[:40])


def _list(
    request: HttpRequest, names: Sequence[str], *, status: int = 200, everything: bool = False, key: str = ""
) -> HttpResponse:
    entries = [entry_of(name) for name in names if REPLIES[name].code >= 400]
    context = {
        "temporary": [entry for entry in entries if entry.temporary],
        "permanent": [entry for entry in entries if not entry.temporary],
        "of_postfix": OF_POSTFIX if everything else (),
        "everything": everything,
        "key": key,
    }
    return render(request, "center/replies/list.html", context, status=status)
