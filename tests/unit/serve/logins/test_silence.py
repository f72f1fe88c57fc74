"""Sessions end when they are silent for too long, never earlier; what their processes read tells."""

from __future__ import annotations

import os

from mailcenter.serve.logins.reads import Reads, as_text, from_text, reads_of, started
from mailcenter.serve.logins.silence import Silence

IMAP = Reads(11, 500, "imap", 1000)
POP3 = Reads(12, 501, "pop3", 1000)
LIMITS = {"imap": 1800.0, "pop3": 600.0}


def test_each_service_has_its_own_time() -> None:
    silence = Silence(LIMITS)
    assert [silence.too_long([IMAP, POP3], now) for now in (0, 599, 600, 1799, 1800)] == [
        [],
        [],
        [POP3],
        [POP3],
        [IMAP, POP3],
    ]


def test_who_says_something_stays() -> None:
    silence = Silence(LIMITS)
    assert silence.too_long([IMAP], 0) == []
    spoke = IMAP._replace(octets=1008)
    assert silence.too_long([spoke], 1799) == []
    assert silence.too_long([spoke], 3598) == []
    assert silence.too_long([spoke], 3599) == [spoke]


def test_another_process_of_the_same_number_begins_anew() -> None:
    silence = Silence(LIMITS)
    silence.too_long([IMAP], 0)
    assert silence.too_long([IMAP._replace(started=900)], 1800) == []


def test_a_session_that_was_not_seen_begins_anew() -> None:
    silence = Silence(LIMITS)
    silence.too_long([IMAP], 0)
    silence.too_long([], 900)
    assert silence.too_long([IMAP], 1800) == []


def test_other_services_last() -> None:
    silence = Silence({"imap": 1.0})
    silence.too_long([POP3], 0)
    assert silence.too_long([POP3], 1e9) == []


def test_numbers_come_back_as_they_were_written() -> None:
    assert from_text(as_text([IMAP, POP3])) == [IMAP, POP3]
    assert from_text("") == []


def test_only_processes_that_are_there_are_told() -> None:
    own = os.getpid()
    answer = f"imap/192.0.2.1/a@b.example\t{own}\t1\nimap/192.0.2.1/a@b.example\t999999999\t1\nnonsense\n\n"
    (found,) = reads_of(answer)
    assert (found.process, found.started, found.service) == (own, started(own), "imap")
    assert found.octets > 0
    assert started(999999999) == 0
