"""The directory's commands on the running platform: what they do is in force at once."""

from __future__ import annotations

import json
import secrets
import smtplib
from collections.abc import Iterator

import pytest

from tests.harness.clients import Account, mail, mailbox, send_from_outside, unique, wait_for_mail
from tests.harness.domains import new_domain
from tests.harness.platform import Platform


@pytest.fixture(scope="module")
def domain(platform: Platform) -> Iterator[str]:
    """A domain of the demo's organisation, gone after the tests."""
    name = f"cli-{secrets.token_hex(4)}.example"
    new_domain(platform, name)
    yield name
    platform.mailcenter("domain", "remove", name, "--with-mailboxes")


def test_a_generated_password_logs_in(platform: Platform, domain: str) -> None:
    made = platform.json("mailbox", "add", f"Made@{domain}", "--generate-password")
    with mailbox(platform, Account(made["address"], made["password"])):
        pass
    changed = platform.json("mailbox", "change", made["address"], "--generate-password")
    assert changed["password"] != made["password"]
    with mailbox(platform, Account(made["address"], changed["password"])):
        pass


def test_an_alias_and_a_catch_all_deliver(platform: Platform, domain: str) -> None:
    password = secrets.token_urlsafe(18)
    who = Account(f"main@{domain}", password)
    platform.mailcenter("mailbox", "add", who.login, "--password-stdin", stdin=f"{password}\n")
    platform.mailcenter("alias", "add", f"info@{domain}", who.login)
    platform.mailcenter("domain", "change", domain, "--catch-all", who.login)
    for address in (f"info@{domain}", f"anything@{domain}"):
        subject = unique("by detours")
        send_from_outside(platform, mail(subject, to=address), [address])
        wait_for_mail(platform, who, subject)
    other = platform.json("mailbox", "add", f"other@{domain}", "--generate-password")
    subject = unique("not swallowed by the catch-all")
    send_from_outside(platform, mail(subject, to=other["address"]), [other["address"]])
    wait_for_mail(platform, Account(other["address"], other["password"]), subject)


def test_a_domain_is_known_from_its_first_moment_to_its_last(platform: Platform) -> None:
    """What the gate would take must not be sent elsewhere, nor kept later."""
    name = f"brief-{secrets.token_hex(4)}.example"
    with pytest.raises(smtplib.SMTPRecipientsRefused, match="Relay not permitted"):
        # (a process of Postfix remembers for half a minute what it asked last)
        send_from_outside(platform, mail("too early", to=f"early@{name}"), [f"early@{name}"])
    new_domain(platform, name)
    try:
        made = platform.json("mailbox", "add", f"one@{name}", "--generate-password")
        subject = unique("at once")
        send_from_outside(platform, mail(subject, to=made["address"]), [made["address"]])
        wait_for_mail(platform, Account(made["address"], made["password"]), subject)
    finally:
        platform.mailcenter("domain", "remove", name, "--with-mailboxes")
    with pytest.raises(smtplib.SMTPRecipientsRefused, match="Relay not permitted"):
        send_from_outside(platform, mail("too late", to=f"one@{name}"), [f"one@{name}"])


@pytest.mark.parametrize("group", ["organisation", "domain", "mailbox", "alias", "user", "api-key"])
def test_every_list_has_json(platform: Platform, group: str) -> None:
    assert isinstance(json.loads(platform.mailcenter(group, "list", "--json").stdout), list)


def test_a_wrong_address_is_one_line_of_error(platform: Platform) -> None:
    done = platform.mailcenter("mailbox", "add", "nobody@nowhere.example", "--no-password", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: address: There is no domain nowhere.example here.\n"
