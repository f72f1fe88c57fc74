"""What each recipient of one message gets, and when all of them refuse it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from mailcenter.policy import table
from mailcenter.policy.facts import MessageFacts, RecipientFacts
from mailcenter.policy.platform_book import DEFAULT_BOOK
from mailcenter.policy.rule import first_objection
from mailcenter.policy.treatment import AS_PLATFORM, Treated, Treatment, treat
from tests.unit.policy.known import MAIL, MESSAGE, MX, TO_ALICE


@pytest.mark.parametrize(
    ("treatment", "score", "treated"),
    [
        (AS_PLATFORM, 5.9, ""),
        (AS_PLATFORM, 6.0, "junk"),
        (Treatment(junk_score=3.0), 3.0, "junk"),
        (Treatment(junk_score=8.0), 7.0, ""),
        (Treatment(spam_action="mark"), 6.0, "mark"),
        (Treatment(spam_action="forward"), 6.0, "forward"),
        (Treatment(spam_action="nothing"), 6.0, "nothing"),
        (Treatment(spam_action="nothing"), 9.0, "junk"),
        (Treatment(refuse_score=4.0), 4.0, "junk"),
        (Treatment(refuse_score=20.0, spam_action="nothing"), 19.0, "nothing"),
    ],
)
def test_by_score(treatment: Treatment, score: float, treated: Treated) -> None:
    assert treat(treatment, DEFAULT_BOOK, score) == treated


def test_lists_and_quarantine() -> None:
    assert treat(AS_PLATFORM, DEFAULT_BOOK, 12, listed="allow", aligned=True) == "allowed"
    assert treat(AS_PLATFORM, DEFAULT_BOOK, 7, listed="allow", aligned=False) == "junk"
    assert treat(AS_PLATFORM, DEFAULT_BOOK, 1, listed="allow", aligned=True) == ""
    assert treat(AS_PLATFORM, DEFAULT_BOOK, 0, listed="deny") == "junk"
    assert treat(AS_PLATFORM, DEFAULT_BOOK, 0, listed="allow", aligned=True, quarantined=True) == "junk"


def refused(facts: MessageFacts) -> bool:
    return first_objection(table.AFTER_SCAN, facts) is not None


def to(*recipients: RecipientFacts, score: float = 9.0) -> MessageFacts:
    return replace(MESSAGE, score=score, recipients=recipients)


PATIENT = replace(TO_ALICE, treatment=Treatment(refuse_score=15.0))
FRIEND = replace(TO_ALICE, listed="allow")


def test_refused_only_when_every_recipient_would() -> None:
    assert refused(to(TO_ALICE, TO_ALICE))
    assert not refused(to(TO_ALICE, PATIENT))
    assert not refused(to(PATIENT))
    assert refused(to(TO_ALICE, PATIENT, score=15.0))


def test_an_allowed_sender_is_refused_unless_he_is_proven() -> None:
    assert refused(to(FRIEND))
    assert not refused(replace(to(FRIEND), aligned=True))
    assert not refused(replace(to(FRIEND, TO_ALICE), aligned=True))


def test_postmaster_and_allowed_clients_are_spared() -> None:
    postmaster = replace(TO_ALICE, to_human=True)
    assert not refused(to(postmaster))
    assert not refused(to(TO_ALICE, postmaster))
    allowed = replace(MAIL, session=replace(MX, network="allow"))
    assert not refused(replace(to(TO_ALICE), mail=allowed))
    assert refused(replace(to(postmaster), findings=("Eicar",)))
