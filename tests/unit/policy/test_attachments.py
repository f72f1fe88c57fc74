"""Which findings refuse a message, and whose list decides."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from mailcenter.attachments.extensions import SEED_EXTENSIONS
from mailcenter.attachments.findings import Finding, Reason
from mailcenter.policy import table
from mailcenter.policy.facts import MessageFacts, RecipientFacts
from mailcenter.policy.platform_book import rule_book
from mailcenter.policy.rule import Decision, first_objection
from mailcenter.policy.rulebook import RuleBook, RuleChange
from mailcenter.policy.treatment import AS_PLATFORM, Treatment
from tests.unit.policy.known import MAIL, MESSAGE, MX, TO_ALICE

EXE = Finding((), "invoice.exe", Reason.EXTENSION, ".exe")
OPEN_PROGRAM = Finding((), "setup.exe", Reason.TYPE, "Windows program")
HIDDEN_PROGRAM = Finding((), "photo.jpg", Reason.TYPE, "Windows program")
SCRIPT = Finding((), "notes.txt", Reason.SCRIPT, "script")
ENCRYPTED = Finding(("a.zip",), "secret.doc", Reason.ENCRYPTED)
SWITCHES = ("refuse_scripts", "refuse_encrypted", "refuse_excessive")


def taker(*findings: Finding, treatment: Treatment = AS_PLATFORM) -> RecipientFacts:
    return replace(TO_ALICE, treatment=treatment, attachments=findings)


def message(*recipients: RecipientFacts, book: RuleBook | None = None) -> MessageFacts:
    mail = MAIL if book is None else replace(MAIL, session=replace(MX, book=book))
    return replace(MESSAGE, mail=mail, recipients=recipients)


def objection(*recipients: RecipientFacts, book: RuleBook | None = None) -> Decision | None:
    return first_objection(table.AFTER_SCAN, message(*recipients, book=book))


def switched(*names: str) -> RuleBook:
    return rule_book({}, [RuleChange("attachments", enabled=True, thresholds=dict.fromkeys(names, 1.0))])


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        (EXE, "the attachment invoice.exe is of a kind that is not accepted here (.exe)"),
        (HIDDEN_PROGRAM, "the attachment photo.jpg is of a kind that is not accepted here (Windows program)"),
        (
            replace(EXE, path=("", "a.zip")),
            "the attachment a.zip/invoice.exe is of a kind that is not accepted here (.exe)",
        ),
        (
            replace(EXE, name=""),
            "the attachment without a name is of a kind that is not accepted here (.exe)",
        ),
        (
            replace(EXE, name="f\u00fcr.exe"),
            "the attachment f?r.exe is of a kind that is not accepted here (.exe)",
        ),
    ],
)
def test_what_is_certain_refuses(finding: Finding, text: str) -> None:
    refused = objection(taker(finding))
    assert refused is not None
    assert (refused.rule, refused.reply.code, refused.reply.enhanced) == ("attachments", 554, "5.7.1")
    assert refused.reply.text == text


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason not in {Reason.EXTENSION, Reason.TYPE}])
def test_nothing_else_does_unless_it_is_switched_on(reason: Reason) -> None:
    finding = Finding((), "x.zip", reason)
    assert objection(taker(finding)) is None
    refused = objection(taker(finding), book=switched(*SWITCHES))
    assert (refused is None) == (reason is Reason.UNREADABLE)


def test_each_switch_is_for_its_own_reason() -> None:
    assert objection(taker(SCRIPT), book=switched("refuse_encrypted", "refuse_excessive")) is None
    assert objection(taker(SCRIPT), book=switched("refuse_scripts")) is not None


def test_a_domain_decides_about_encrypted_archives() -> None:
    refuse, accept = Treatment(encrypted_archives="refuse"), Treatment(encrypted_archives="accept")
    refused = objection(taker(ENCRYPTED, treatment=refuse))
    assert refused is not None
    assert refused.reply.text.endswith("(encrypted archive)")
    assert objection(taker(ENCRYPTED, treatment=accept), book=switched("refuse_encrypted")) is None


def test_a_domain_accepts_programs_that_are_openly_called_so() -> None:
    lenient = Treatment(blocked_extensions=("bat",))
    assert objection(taker(OPEN_PROGRAM, treatment=lenient)) is None
    assert objection(taker(HIDDEN_PROGRAM, treatment=lenient)) is not None
    assert objection(taker(OPEN_PROGRAM)) is not None


def test_nobodys_mail_is_refused_by_anothers_list() -> None:
    assert objection(taker(EXE), taker()) is None
    assert objection(taker(EXE), taker(EXE)) is not None


def test_postmaster_gets_none_either_but_off_is_off() -> None:
    assert objection(replace(taker(EXE), to_human=True)) is not None
    assert objection(taker(EXE), book=rule_book({}, [RuleChange("attachments", enabled=False)])) is None


def test_malware_is_named_as_such() -> None:
    refused = first_objection(table.AFTER_SCAN, replace(message(taker(EXE)), findings=("Eicar",)))
    assert refused is not None
    assert refused.rule == "virus"


def test_the_list_of_a_recipient() -> None:
    assert AS_PLATFORM.extensions == SEED_EXTENSIONS
    assert Treatment(blocked_extensions=("docm",)).extensions == {"docm"}
    assert Treatment(blocked_extensions=()).extensions == frozenset()
