"""Rates through the real daemons: a client, a sender, a recipient beyond the figures that operators set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.daemons.test_gate_lists import client_at
from tests.harness.clients import unique
from tests.harness.parts import family, healthy, stopped
from tests.harness.platform import Platform
from tests.harness.wait import until

CLIENT, OTHER = "198.51.100.40", "198.51.100.41"


@contextmanager
def figures(platform: Platform, rule: str, **values: float) -> Iterator[None]:
    """Figures of a rule for a while; the gate's workers know them when this begins, and forget them when it ends."""
    platform.mailcenter("gate", "rule", "set", rule, *(f"{name}={value}" for name, value in values.items()))
    try:
        yield
    finally:
        platform.mailcenter("gate", "rule", "set", rule, *(f"{name}=default" for name in values))


def rcpt(platform: Platform, client: str, recipient: str = "alice@demo.example", sender: str = "") -> tuple[int, str]:
    with client_at(platform, client) as smtp:
        assert smtp.mail(sender or f"{unique('s').replace(' ', '')}@other.example")[0] == 250
        code, text = smtp.rcpt(recipient)
        return code, text.decode()


def until_refused(platform: Platform, client: str, words: str, **what: str) -> None:
    """Try until the answer says so; the rule's figure is small."""

    def refused() -> bool:
        code, text = rcpt(platform, CLIENT, **what)
        assert code in (250, 451), text
        return code == 451 and text.startswith(f"4.7.1 {words} [")

    until(refused, f"the answer {words!r}", timeout=30)


def test_too_many_mails_from_a_client(platform: Platform) -> None:
    with figures(platform, "rate", client_mails=3):
        until_refused(platform, CLIENT, f"too many mails from ip address {CLIENT}")
        assert rcpt(platform, OTHER)[0] == 250
        assert rcpt(platform, CLIENT, "nobody@demo.example")[0] == 550  # what is cheaper to say is said
        assert rcpt(platform, CLIENT, f"postmaster@{platform.settings.host_name}")[0] == 250
    until(lambda: rcpt(platform, CLIENT)[0] == 250, "the figure to be the old one")


def test_too_many_mails_from_a_sender(platform: Platform) -> None:
    sender = f"{unique('bulk').replace(' ', '')}@other.example"
    with figures(platform, "rate", sender_mails=2):
        until_refused(platform, CLIENT, f"too many mails from <{sender}>", sender=sender)
        assert rcpt(platform, CLIENT)[0] == 250


def test_too_many_mails_to_a_recipient(platform: Platform) -> None:
    with figures(platform, "rate", recipient_mails=2):
        until_refused(platform, CLIENT, "too many mails to <bob@demo.example>", recipient="bob@demo.example")
        assert rcpt(platform, CLIENT, "alice@demo.example")[0] in (250, 451)


def test_the_ledger_has_the_counts(platform: Platform) -> None:
    sender = f"{unique('counted').replace(' ', '')}@other.example"
    rcpt(platform, CLIENT, sender=sender)
    rcpt(platform, CLIENT, sender=sender)
    found = until(
        lambda: [row for row in platform.json("trace", sender) if row["facts"].get("rates", {}).get("sender") == 2],
        "the ledger to know",
    )
    assert found[0]["facts"]["rates"]["client"] >= 2


def test_halted_redis_only_defers_and_all_recovers(platform: Platform) -> None:
    with stopped(family(platform, "redis")):
        code, text = rcpt(platform, CLIENT)
        assert (code, text.split(" ")[0]) == (451, "4.3.0")
        assert rcpt(platform, CLIENT, "nobody@demo.example")[0] == 550
        assert rcpt(platform, CLIENT, f"postmaster@{platform.settings.host_name}")[0] == 250
    until(lambda: rcpt(platform, CLIENT)[0] == 250, "mail to be taken again", timeout=30)


def test_killed_redis_comes_back(platform: Platform) -> None:
    family(platform, "redis")[0].kill()
    codes = {rcpt(platform, CLIENT)[0] for _ in range(3)}
    assert codes <= {250, 451}
    until(lambda: rcpt(platform, CLIENT)[0] == 250, "mail to be taken again", timeout=60)
    until(lambda: healthy(platform, "redis"), "Redis to be healthy", timeout=60)
