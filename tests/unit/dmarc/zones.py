"""A DNS of a few names for the tests of DMARC; it remembers what it was asked."""

from __future__ import annotations

from collections.abc import Mapping

from mailcenter.dmarc.dns import NO_DOMAIN, TEMPORARY_FAILURE, Answer, Question, found
from mailcenter.dmarc.tree_walk import TreeWalk


class Zone:
    """`records`: a domain's policy record, at the domain without `_dmarc.`. `failing`: names that do not answer."""

    def __init__(
        self,
        records: Mapping[str, str | tuple[str, ...]],
        *,
        existing: tuple[str, ...] = (),
        failing: tuple[str, ...] = (),
    ) -> None:
        self._records = records
        self._existing = existing
        self._failing = failing
        self.asked: list[str] = []

    def __call__(self, question: Question) -> Answer:
        self.asked.append(question.name)
        if question.name in self._failing:
            return TEMPORARY_FAILURE
        if question.kind == "exists":
            return found() if question.name in self._existing else NO_DOMAIN
        texts = self._records.get(question.name.removeprefix("_dmarc."))
        if texts is None:
            return NO_DOMAIN
        return found(*([texts] if isinstance(texts, str) else texts))


def walked(domain: str, zone: Zone) -> TreeWalk:
    """The finished walk of a domain."""
    walk = TreeWalk(domain)
    while (question := walk.question) is not None:
        walk.answer(zone(question))
    return walk
