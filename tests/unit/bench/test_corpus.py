"""The generated corpus is what the benchmark page says it is."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

from bench.corpus import generate
from bench.mails import Mail

_WHEN = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_mails_are_distinct_well_formed_and_of_the_size_told() -> None:
    contents = {mail.content for mail in generate(400, _WHEN).mails}
    assert len(contents) == 400
    assert 14_000 < sum(map(len, contents)) / 400 < 24_000
    assert all(not message_from_bytes(content, policy=default).defects for content in contents)
    assert 200 < sum(content.startswith(b"DKIM-Signature:") for content in contents) < 280


def test_same_seed_gives_same_mails_but_for_the_signatures() -> None:
    def unsigned(mails: list[Mail]) -> list[bytes]:
        return [mail.content for mail in mails if not mail.content.startswith(b"DKIM-Signature:")]

    first, second = (generate(50, _WHEN, seed=5) for _ in range(2))
    assert unsigned(first.mails) == unsigned(second.mails)
    assert unsigned(first.mails) != unsigned(generate(50, _WHEN, seed=6).mails)


def test_every_sender_publishes_records() -> None:
    corpus = generate(20, _WHEN)
    for mail in corpus.mails:
        name = mail.mail_from.partition("@")[2].removesuffix(".senders.example")
        assert f'\n{name} TXT "v=spf1' in corpus.zone
        assert f"\nbench._domainkey.{name} TXT" in corpus.zone
