"""Which processes end with an account's sessions: those that serve it, and nobody else beside it."""

from __future__ import annotations

from mailcenter.serve.logins.anvil import processes_of

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
