"""Postfix's own table of domains: it follows the directory, and a moment of difference loses or misleads no mail."""

from __future__ import annotations

import os
import secrets
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mailcenter.engines.postfix import ENGINE as POSTFIX
from mailcenter.mail.domain import normalise_domain
from tests.harness.clients import (
    Account,
    logged_in,
    mail,
    new_mailbox,
    said_to,
    send_from_outside,
    unique,
    wait_for_mail,
)
from tests.harness.domains import domains_in_table, new_domain, until_in_table
from tests.harness.parts import family, healthy, stopped
from tests.harness.platform import Platform
from tests.harness.wait import until

TAKEN, TEMPORARY = 250, 451


@pytest.fixture
def name(platform: Platform) -> Iterator[str]:
    """A domain that is not there yet; gone after the test."""
    wanted = f"new-{secrets.token_hex(4)}.example"
    yield wanted
    platform.mailcenter("domain", "remove", wanted, "--with-mailboxes", check=False)


def test_the_table_follows_the_directory(platform: Platform, name: str) -> None:
    spelled = name.replace("new-", "neü-")
    new_domain(platform, name)
    platform.mailcenter("domain", "add", spelled, "--organisation", "Demo")
    until_in_table(platform, normalise_domain(spelled))
    assert {name, spelled} <= set(domains_in_table(platform))
    platform.mailcenter("domain", "remove", spelled)
    until(lambda: {spelled, normalise_domain(spelled)}.isdisjoint(domains_in_table(platform)), "both forms to be gone")
    platform.mailcenter("domain", "change", name, "--inactive")
    until(lambda: name not in domains_in_table(platform), "a domain that is switched off to be gone")
    platform.mailcenter("domain", "change", name, "--active")
    until_in_table(platform, name)


def test_what_port_25_does_not_know_yet_is_put_off(platform: Platform, name: str) -> None:
    """And what has been accepted elsewhere is delivered here, not sent to another site."""
    with stopped(family(platform, "domains")):
        platform.mailcenter("domain", "add", name, "--organisation", "Demo")
        who = new_mailbox(platform, f"first@{name}")
        code, text = said_to(platform, who.login)
        assert (code, text.partition(": ")[2].partition(" [")[0]) == (
            451,
            "this address is being changed, try again later",
        )
        subject = unique("from inside")
        alice = Account(**platform.logins["alice"])
        with logged_in(platform, alice) as smtp:
            smtp.sendmail(alice.login, [who.login], mail(subject, sender=alice.login, to=who.login).as_bytes())
        wait_for_mail(platform, who, subject)
    until_in_table(platform, name)
    subject = unique("from outside")
    again = f"first+again@{name}"  # a process of Postfix remembers for half a minute what it asked last
    send_from_outside(platform, mail(subject, to=again), [again])
    wait_for_mail(platform, who, subject)


def test_what_port_25_still_knows_is_no_relay(platform: Platform, name: str) -> None:
    new_domain(platform, name)
    with stopped(family(platform, "domains")):
        platform.mailcenter("domain", "remove", name)
        assert name in domains_in_table(platform)
        until(lambda: "Relay not permitted" in said_to(platform, f"any@{name}")[1], "the gate to refuse")


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_daemon_that_ended_catches_up(platform: Platform, name: str, end: signal.Signals) -> None:
    (before, *_) = family(platform, "domains")
    with stopped([before]):
        platform.mailcenter("domain", "add", name, "--organisation", "Demo")
        os.kill(before.pid, end)
    until_in_table(platform, name)
    until(_again(platform, before.pid), "the daemon to be back")


def _again(platform: Platform, pid: int) -> Callable[[], bool]:
    return lambda: healthy(platform, "domains") and family(platform, "domains")[0].pid != pid


@pytest.mark.parametrize("harm", [Path.unlink, lambda table: table.write_bytes(b"rubbish" * 2000)])
def test_a_table_that_is_lost_comes_back_and_mail_with_it(platform: Platform, harm: Callable[[Path], None]) -> None:
    """Mail is put off meanwhile. Postfix is reloaded to meet the loss: a process that has the table keeps it."""

    def code() -> int:  # for an address that no process of Postfix remembers
        local, _, domain = platform.logins["alice"]["login"].partition("@")
        return said_to(platform, f"{local}+{secrets.token_hex(4)}@{domain}")[0]

    with stopped(family(platform, "domains")):
        harm(platform.paths.domain_table.with_suffix(".lmdb"))
        POSTFIX.reload(platform.settings)
        until(lambda: code() == TEMPORARY, "Postfix to miss the table")
    until(lambda: code() == TAKEN, "mail to be taken again", timeout=120)
