"""Identifier alignment: whether a domain that SPF or DKIM has proved speaks for the author's (RFC 9989 section 4.4)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

from mailcenter.dmarc.dns import Answer, Question
from mailcenter.dmarc.tree_walk import TreeWalk
from mailcenter.dmarc.words import Alignment

MOST_IDENTIFIERS: Final = 20
"""Domains below the author's organizational domain for which trees are walked; further ones do not count."""

Asking = Generator[Question, Answer, TreeWalk]


class Walks:
    """The tree walks of one message. A name is asked once, however many walks pass it."""

    def __init__(self) -> None:
        self._answers: dict[Question, Answer] = {}
        self._walks: dict[str, TreeWalk] = {}

    def walk(self, domain: str) -> Asking:
        """Walk the tree of `domain`, asking only what has not been answered yet."""
        walk = self._walks.get(domain)
        if walk is None:
            walk = self._walks[domain] = TreeWalk(domain)
            while (question := walk.question) is not None:
                if question not in self._answers:
                    self._answers[question] = yield question
                walk.answer(self._answers[question])
        return walk

    def __len__(self) -> int:
        """How many trees have been walked."""
        return len(self._walks)


def is_below(domain: str, ancestor: str) -> bool:
    """Whether `domain` is `ancestor` or one of its subdomains."""
    return domain == ancestor or domain.endswith("." + ancestor)


def is_aligned(identifier: str, author: TreeWalk, mode: Alignment, walks: Walks) -> Generator[Question, Answer, bool]:
    """Whether the authenticated domain `identifier` is aligned with the domain of the walk `author` (section 4.10.2).

    Trees are walked only where the answer depends on them: an organizational domain lies on the way from its domain to
    the root, so an identifier that is not below the author's cannot share it.

    Raises:
        TreeWalkFailed: the DNS failed where its answer was needed.
    """
    if identifier == author.domain:
        return True
    if mode is Alignment.STRICT:
        return False
    organizational_domain = author.organizational_domain
    if not is_below(identifier, organizational_domain):
        return False
    if len(walks) > MOST_IDENTIFIERS:
        return False
    walk = yield from walks.walk(identifier)
    return walk.organizational_domain == organizational_domain
