"""Judge one message by DMARC (RFC 9989 section 5.3), asking the DNS through a generator instead of a socket.

    evaluation = evaluate("example.com", spf, signatures)
    question = next(evaluation)
    while True:                       # StopIteration carries the Outcome
        question = evaluation.send(answer_to(question))

`conduct()` does that for a function that answers at once.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import replace

from mailcenter.dmarc.alignment import Walks, is_aligned
from mailcenter.dmarc.dns import Answer, Question
from mailcenter.dmarc.outcome import DkimResult, Outcome, SpfResult
from mailcenter.dmarc.tree_walk import Found, TreeWalk, TreeWalkFailed
from mailcenter.dmarc.words import Alignment, PolicyTag, Result
from mailcenter.mail.domain import DomainError, lenient_domain

Evaluation = Generator[Question, Answer, Outcome]
Identifier = tuple[str, str, str, Alignment]
"""Mechanism, domain, result, and how strictly it is to be aligned."""


def evaluate(rfc5322_from_domain: str, spf: SpfResult | None, dkim: Iterable[DkimResult]) -> Evaluation:
    """The result for a message of the author domain `rfc5322_from_domain` (as `author_domains` gives it).

    Never raises for what the DNS or the message holds: a failing DNS makes `temperror`, a broken record `permerror`.
    """
    walks = Walks()
    author = yield from walks.walk(rfc5322_from_domain)
    outcome = Outcome(rfc5322_from_domain, Result.NONE, errors=tuple(author.errors))
    try:
        found = author.policy
    except TreeWalkFailed as failure:
        return replace(outcome, result=Result.TEMPERROR, explanation=str(failure))
    if found is None:
        organizational_domain = author.organizational_domain
        return replace(outcome, explanation="no policy published", organizational_domain=organizational_domain)
    outcome = replace(
        outcome,
        policy_domain=found.domain,
        organizational_domain="" if author.failed else author.organizational_domain,
        record=found.record,
        errors=(*outcome.errors, *found.record.errors),
    )
    if not found.record.is_applicable:
        return replace(outcome, result=Result.PERMERROR, explanation="the policy is invalid and no rua is given")
    record = found.record
    identifiers = [("dkim", signature.domain, signature.result, record.adkim) for signature in dkim]
    if spf is not None:
        identifiers.insert(0, ("spf", spf.rfc5321_mail_from_domain, spf.result, record.aspf))
    outcome = yield from _authenticate(outcome, identifiers, author, walks)
    return (yield from _apply_policy(outcome, found))


def conduct(evaluation: Evaluation, ask: Callable[[Question], Answer]) -> Outcome:
    """Run an evaluation to its end with a function that answers each question."""
    try:
        question = next(evaluation)
        while True:
            question = evaluation.send(ask(question))
    except StopIteration as end:
        outcome: Outcome = end.value
        return outcome


def _authenticate(outcome: Outcome, identifiers: list[Identifier], author: TreeWalk, walks: Walks) -> Evaluation:
    """Whether SPF or DKIM passes with alignment; an aligned one that failed for now leaves it open (section 5.3.6)."""
    aligned: set[str] = set()
    open_questions: list[str] = []
    for method, domain, result, mode in identifiers:
        if result not in {"pass", "temperror"} or method in aligned:
            continue
        try:
            fits = yield from _fits(domain, author, mode, walks)
        except TreeWalkFailed as failure:
            open_questions.append(str(failure))
            continue
        if fits and result == "pass":
            aligned.add(method)
        elif fits:
            open_questions.append(f"{method} of {domain} could not be checked for now")
    outcome = replace(outcome, spf_aligned="spf" in aligned, dkim_aligned="dkim" in aligned)
    if aligned:
        return replace(outcome, result=Result.PASS, explanation=f"{' and '.join(sorted(aligned))} passed and aligned")
    if open_questions:
        return replace(outcome, result=Result.TEMPERROR, explanation=open_questions[0])
    return replace(outcome, result=Result.FAIL, explanation="nothing that passed is aligned with the author's domain")


def _fits(domain: str, author: TreeWalk, mode: Alignment, walks: Walks) -> Generator[Question, Answer, bool]:
    try:
        name = lenient_domain(domain.removesuffix("."))
    except DomainError:
        return False
    return (yield from is_aligned(name, author, mode, walks))


def _apply_policy(outcome: Outcome, found: Found) -> Evaluation:
    """The policy and the tag it comes from (section 4.10.1), then what `t=y` leaves of it (section 4.7)."""
    record = found.record
    tag, policy = PolicyTag.P, record.p
    if found.domain != outcome.rfc5322_from_domain:
        if record.sp is not None:
            tag, policy = PolicyTag.SP, record.sp
        # np is worth a question only where its answer can change what happens
        if record.np not in {None, policy} and outcome.result is Result.FAIL:
            existence = yield Question(outcome.rfc5322_from_domain, "exists")
            if existence.status == "temporary-failure":
                explanation = f"the DNS did not say whether {outcome.rfc5322_from_domain} exists"
                return replace(outcome, result=Result.TEMPERROR, explanation=explanation)
            if existence.status == "no-domain" and record.np is not None:
                tag, policy = PolicyTag.NP, record.np
    applied = policy.one_level_below if record.testing else policy
    return replace(outcome, applied_tag=tag, published_policy=policy, policy=applied)
