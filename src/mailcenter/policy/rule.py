"""A rule: one question about a mail, in a file of its own below `rules/`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, Literal, Protocol, TypeVar

import msgspec

from mailcenter.mail.reply import Reply
from mailcenter.policy.rulebook import RuleBook, Threshold


class Facts(Protocol):
    """What the facts of every stage tell about themselves."""

    @property
    def book(self) -> RuleBook:
        """The rules' switches and figures in force for this mail."""

    @property
    def spared(self) -> bool:
        """Whether nothing is held against this mail for its bad reputation."""


FactsT_contra = TypeVar("FactsT_contra", contravariant=True)
Word = Literal["", "off", "spared"]
FactsT = TypeVar("FactsT", bound=Facts)


@dataclass(frozen=True, slots=True)
class Rule(Generic[FactsT_contra]):
    """`check` gives the reply by which the mail is refused or deferred, or None where the rule has nothing against it.

    `name` stands in the ledger, `description` on screens, `standard` is what it obeys. `thresholds` by name: the rule
    asks for them by `facts.book.figure(name, threshold)`. Not `switchable`: without it the platform would be unsafe.
    `reputation`: it judges by signs only, so it spares mail to postmaster and abuse, and clients always let through.
    """

    name: str
    description: str
    standard: str
    check: Callable[[FactsT_contra], Reply | None]
    thresholds: Mapping[str, Threshold] = field(default_factory=dict)
    switchable: bool = True
    reputation: bool = False


class Decision(msgspec.Struct, frozen=True):
    """A rule's objection."""

    rule: str
    reply: Reply


class Watcher(Protocol):
    """Sees each question put and answered; for explaining a mail, never on the way of a real one."""

    def asked(self, rule: Rule[Any], word: Word, ask: Callable[[], Reply | None]) -> Reply | None:
        """Call `ask` once and give its answer. `word` says that the rule is not asked (`ask` then gives None)."""


_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Within, all rules of a stage are asked, even after one has objected, and the watcher sees it."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def _watched_objection(rules: Sequence[Rule[FactsT]], facts: FactsT, watcher: Watcher) -> Decision | None:
    first: Decision | None = None
    for rule in rules:
        word: Word = ""
        if facts.spared and rule.reputation:
            word = "spared"
        elif not facts.book.is_on(rule.name):
            word = "off"
        reply = watcher.asked(rule, word, (lambda: None) if word else partial(rule.check, facts))
        if reply is not None and first is None:
            first = Decision(rule.name, reply)
    return first


def first_objection(rules: Sequence[Rule[FactsT]], facts: FactsT) -> Decision | None:
    """Ask the rules that are on in their order; the first objection counts and spares the questions after it."""
    if (watcher := _watcher.get()) is not None:
        return _watched_objection(rules, facts, watcher)
    off, spared = facts.book.off, facts.spared
    for rule in rules:
        if (spared and rule.reputation) or rule.name in off:
            continue
        reply = rule.check(facts)
        if reply is not None:
            return Decision(rule.name, reply)
    return None
