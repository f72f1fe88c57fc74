"""The account of a replay: what is explained, and every way of not being explained."""

from __future__ import annotations

import pytest
from bench.mails import mail
from bench.replay.judge import Account, Evidence, judge, reference_of
from bench.replay.ledger import Record
from bench.replay.mailbox import Copy
from bench.replay.sender import Sending
from bench.smtp import Outcome, Stage

_REFERENCE, _OTHER = "0123456789abc", "zzzzzzzzzzzzz"
_MAIL = mail("one", b"Subject: x\n\nbody\n")
_ACCEPTED = Outcome(Stage.EOM, 250, "2.0.0 Ok: queued as ABC")
_REFUSED = Outcome(Stage.RCPT, 550, f"5.1.1 <x@y.example>: no such recipient here [{_REFERENCE}]")
_IN_DOUBT = Outcome(Stage.EOM, 0, "lost")
_COPY = Copy("INBOX", _REFERENCE, b"Received: x\r\n" + _MAIL.content)
_RECORD = Record(_REFERENCE, "accept", "ABC", ("delivered",))


def _account(
    attempts: list[Outcome],
    copies: list[Copy],
    records: list[Record],
    verdicts: dict[str, str] | None = None,
) -> Account:
    account = Account()
    sending = Sending(0, _MAIL, "x@y.example", attempts)
    judge(Evidence(sending, copies, records, verdicts or {}), account, (b"mail.example",))
    return account


def test_delivered_once_is_clean() -> None:
    account = _account([_ACCEPTED], [_COPY], [_RECORD])
    assert account.clean
    assert account.fates == {"delivered": 1}
    assert (account.accepted, account.delivered, account.duplicates) == (1, 1, 0)


def test_refused_with_a_reference_that_the_ledger_knows_is_clean() -> None:
    account = _account([_REFUSED], [], [Record(_REFERENCE, "reject", "", ())], {_REFERENCE: "reject"})
    assert account.clean
    assert account.fates == {"refused": 1}


def test_second_copy_after_a_connection_lost_at_the_end_of_data_is_a_counted_duplicate() -> None:
    second = Copy("INBOX", _OTHER, _COPY.content)
    records = [_RECORD, Record(_OTHER, "accept", "DEF", ("delivered",))]
    account = _account([_IN_DOUBT, _ACCEPTED], [_COPY, second], records)
    assert account.clean
    assert (account.accepted, account.delivered, account.duplicates, account.in_doubt) == (2, 2, 1, 1)


def test_second_copy_after_a_deferral_between_queue_and_mailbox_is_a_counted_duplicate() -> None:
    record = Record(_REFERENCE, "accept", "ABC", ("deferred", "delivered"))
    account = _account([_ACCEPTED], [_COPY, _COPY], [record])
    assert account.clean
    assert account.duplicates == 1


_UNEXPLAINED: dict[str, tuple[list[Outcome], list[Copy], list[Record], dict[str, str]]] = {
    "lost": ([_ACCEPTED], [], [_RECORD], {}),
    "unknown to the ledger": ([_ACCEPTED], [_COPY], [], {}),
    "without an end": ([_ACCEPTED], [_COPY], [Record(_REFERENCE, "accept", "ABC", ())], {}),
    "delivered twice": ([_ACCEPTED], [_COPY, _COPY], [_RECORD], {}),
    "changed": ([_ACCEPTED], [Copy("INBOX", _REFERENCE, _COPY.content + b"more\r\n")], [_RECORD], {}),
    "accepted twice": ([_ACCEPTED], [_COPY], [_RECORD, Record(_OTHER, "accept", "DEF", ("delivered",))], {}),
    "refusal unknown": ([_REFUSED], [], [], {}),
    "refusal was an acceptance": ([_REFUSED], [], [], {_REFERENCE: "accept"}),
    "refused yet delivered": ([_REFUSED], [_COPY], [_RECORD], {_REFERENCE: "reject"}),
    "no reference": ([Outcome(Stage.RCPT, 550, "5.1.1 no")], [], [], {}),
    "undecided": ([Outcome(Stage.CONNECT, 0, "refused")], [], [], {}),
    "never tried": ([], [], [], {}),
}


@pytest.mark.parametrize("evidence", _UNEXPLAINED.values(), ids=_UNEXPLAINED.keys())
def test_everything_else_is_unexplained(
    evidence: tuple[list[Outcome], list[Copy], list[Record], dict[str, str]],
) -> None:
    account = _account(*evidence)
    assert not account.clean
    assert account.fates == {"unexplained": 1}


def test_reference_is_only_taken_from_a_complete_refusal() -> None:
    assert reference_of(_REFUSED.text) == _REFERENCE
    assert reference_of(f"no such recipient [{_REFERENCE}]") == ""
    assert reference_of("5.1.1 no such recipient") == ""
