"""The DNS tree walk (RFC 9989 section 4.10): which names are asked, and what their answers mean together.

The walk never asks by itself. `question` is the next name to look up, `answer()` takes what the DNS said:

    walk = TreeWalk("a.mail.example.com")
    while (question := walk.question) is not None:
        walk.answer(ask(question))
    walk.organizational_domain
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mailcenter.dmarc.dns import Answer, Question
from mailcenter.dmarc.record import Record, is_record, parse_record
from mailcenter.dmarc.words import Psd

MOST_QUESTIONS: Final = 8
"""Names of more labels are shortened to seven after the first question, so that nobody can make us ask for more."""


@dataclass(frozen=True, slots=True)
class Found:
    """A policy record and the domain (without `_dmarc.`) at which it was published."""

    domain: str
    record: Record


class TreeWalkFailed(Exception):  # noqa: N818 - a state of the walk that its reader must face
    """The DNS did not answer for now, so nothing is known of the domain."""


def targets(domain: str) -> tuple[str, ...]:
    """The domains whose records are asked for, in order (section 4.10, steps 1, 4 and 7). At most eight."""
    labels = domain.split(".")
    parents = labels[1:] if len(labels) < MOST_QUESTIONS else labels[-(MOST_QUESTIONS - 1) :]
    return (domain, *(".".join(parents[start:]) for start in range(len(parents))))


class TreeWalk:
    """The state of one walk from `domain`: lower case, A-labels, without trailing dot."""

    def __init__(self, domain: str) -> None:
        self.domain = domain
        self.found: list[Found] = []
        """From the longest name to the shortest."""
        self.errors: list[str] = []
        self.failed = False
        self._targets = targets(domain)
        self._position = 0

    @property
    def question(self) -> Question | None:
        """What to ask next; None at the end of the walk."""
        if self.failed or self._position >= len(self._targets):
            return None
        return Question(f"_dmarc.{self._targets[self._position]}")

    def answer(self, answer: Answer) -> None:
        """Take the answer to `question`.

        Raises:
            RuntimeError: nothing was asked.
        """
        if self.question is None:
            raise RuntimeError("the tree walk has ended")
        target = self._targets[self._position]
        self._position += 1
        if answer.status == "temporary-failure":
            self.failed = True
            return
        record = self._single_record(target, answer.texts)
        if record is None:
            return
        self.found.append(Found(target, record))
        if record.psd is not Psd.UNKNOWN:
            self._position = len(self._targets)

    @property
    def organizational_domain(self) -> str:
        """The organizational domain of the walk's domain (section 4.10.2).

        Raises:
            TreeWalkFailed: the DNS failed on the way.
        """
        self._demand_answers()
        for found in self.found:
            if found.record.psd is Psd.NO:
                return found.domain
            if found.record.psd is Psd.YES and found.domain != self.domain:
                return _one_label_below(found.domain, self.domain)
        return self.found[-1].domain if self.found else self.domain

    @property
    def policy(self) -> Found | None:
        """The record that applies to mail of the walk's domain (section 4.10.1); None where there is none.

        In this order: the domain's own, its organizational domain's, its public suffix's.

        Raises:
            TreeWalkFailed: the DNS failed on the way.
        """
        if self.found and self.found[0].domain == self.domain:
            return self.found[0]
        organizational_domain = self.organizational_domain
        for found in self.found:
            if found.domain == organizational_domain:
                return found
        return next((found for found in self.found if found.record.psd is Psd.YES), None)

    def _single_record(self, target: str, texts: tuple[str, ...]) -> Record | None:
        """Step 2: other TXT records are discarded; several policy records discard each other."""
        records = [text for text in texts if is_record(text)]
        if len(records) > 1:
            self.errors.append(f"{target} publishes {len(records)} DMARC policy records")
            return None
        return parse_record(records[0]) if records else None

    def _demand_answers(self) -> None:
        if self.failed:
            raise TreeWalkFailed(f"the DNS did not answer for {self._targets[self._position - 1]}")
        if self._position < len(self._targets):
            raise RuntimeError("the tree walk has not ended")


def _one_label_below(ancestor: str, domain: str) -> str:
    labels = domain.split(".")
    return ".".join(labels[-(ancestor.count(".") + 2) :])
