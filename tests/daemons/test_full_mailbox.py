"""A full mailbox: refused for now before the mail is taken, let in again as soon as there is room."""

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.clients import (
    Account,
    mail,
    mailbox,
    new_mailbox,
    said_to,
    send_from_outside,
    unique,
    wait_for_mail,
)
from tests.harness.platform import Platform
from tests.harness.wait import until

_BODY = "x" * 70 + "\r\n"


@pytest.fixture
def small(platform: Platform) -> Any:
    who = new_mailbox(platform, f"{unique('small').replace(' ', '-')}@demo.example", "--quota", "30K")
    yield who
    platform.mailcenter("mailbox", "remove", who.login)


def fill(platform: Platform, who: Account) -> None:
    """One mail that takes more than all the room: the last one before a mailbox is full may."""
    subject = unique("large")
    until(lambda: said_to(platform, who.login)[0] == 250, "the mailbox to take mail")
    send_from_outside(platform, mail(subject, to=who.login, body=_BODY * 600), [who.login])
    wait_for_mail(platform, who, subject)
    until(lambda: said_to(platform, who.login)[0] == 452, "the mailbox to be full")


def test_full_mailbox_is_refused_until_it_has_room(platform: Platform, small: Account) -> None:
    fill(platform, small)
    code, text = said_to(platform, small.login)
    assert (code, text.startswith(f"4.2.2 <{small.login}>: the mailbox is full, try again later [")) == (452, True)
    shown = platform.json("mailbox", "show", small.login)
    assert shown["used_bytes"] > shown["quota_bytes"] == 30 * 1024
    with mailbox(platform, small) as imap:
        imap.select("INBOX")
        imap.store("1:*", "+FLAGS", r"(\Deleted)")
        imap.expunge()
    until(lambda: said_to(platform, small.login)[0] == 250, "room after deletion")
    assert platform.json("mailbox", "show", small.login)["used_bytes"] == 0


def test_more_quota_makes_room_at_once(platform: Platform, small: Account) -> None:
    fill(platform, small)
    platform.mailcenter("mailbox", "change", small.login, "--quota", "10M")
    until(lambda: said_to(platform, small.login)[0] == 250, "room by a larger quota")


def test_what_an_alias_brings_waits_for_room(platform: Platform, small: Account) -> None:
    """An alias has several destinations, so the gate cannot refuse it for one of them: nothing is lost."""
    fill(platform, small)
    alias = f"{unique('to-small').replace(' ', '-')}@demo.example"
    platform.mailcenter("alias", "add", alias, small.login)
    try:
        until(lambda: said_to(platform, alias)[0] == 250, "the alias")
        subject, sender = unique("by alias"), f"{unique('waits').replace(' ', '-')}@other.example"
        send_from_outside(platform, mail(subject, to=alias), [alias], sender=sender)
        until(lambda: "4.2.2" in platform.mailcenter("trace", sender, check=False).stdout, "the mail to be deferred")
        with mailbox(platform, small) as imap:
            imap.select("INBOX")
            imap.store("1", "+FLAGS", r"(\Deleted)")
            imap.expunge()
        platform.flush_queue()
        wait_for_mail(platform, small, subject)
    finally:
        platform.mailcenter("alias", "remove", alias)
