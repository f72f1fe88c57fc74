"""Which processes end with an account's sessions: those that serve it, and nobody else beside it."""

from __future__ import annotations

from mailcenter.serve.logins.anvil import processes_of, services_of, sessions_of

ANSWER = (
    "imap/192.0.2.1/a@b.example\t11\t1\n"
    "pop3/2001:db8::1/A@B.example\t12\t1\n"
    "imap/192.0.2.1/other@b.example\t13\t1\n"
    "imap/192.0.2.1/a@b.example\t14\t1\n"
    "imap/192.0.2.1/other@b.example\t14\t1\n"
    "nonsense\n\n"
)


def test_processes_of_the_account_alone_end() -> None:
    assert processes_of(ANSWER, {"a@b.example"}) == {11, 12}
    assert processes_of(ANSWER, {"a@b.example", "other@b.example"}) == {11, 12, 13, 14}
    assert processes_of(ANSWER, {"nobody@b.example"}) == set()
    assert processes_of("\n", {"a@b.example"}) == set()


def test_sessions_of_mail_programs_are_counted_by_account() -> None:
    assert sessions_of(ANSWER) == {"a@b.example": 3, "other@b.example": 2}
    assert sessions_of("lmtp/192.0.2.1/a@b.example\t11\t1\nsieve/192.0.2.1/a@b.example\t12\t2\n\n") == {
        "a@b.example": 2
    }


def test_the_service_of_each_process() -> None:
    assert services_of(ANSWER) == {11: "imap", 12: "pop3", 13: "imap", 14: "imap"}
