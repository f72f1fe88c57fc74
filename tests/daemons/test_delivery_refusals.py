"""What port 25 must not do: relay, take what is too large, tell who exists by VRFY."""

from __future__ import annotations

import secrets
import smtplib

import pytest

from tests.harness.clients import HOST, Account, Dialogue, mail, new_mailbox, said_to, send_from_outside
from tests.harness.domains import new_domain
from tests.harness.platform import Platform
from tests.harness.wait import until

RELAY_TRICKS = [
    "user@foreign.example",
    "user%foreign.example@demo.example",
    "foreign.example!user@demo.example",
    "user@foreign.example@demo.example",
    '"user@foreign.example"@demo.example',
    '"user@foreign.example"',
    "user%foreign.example",
    "foreign.example!user",
    "@demo.example:user@foreign.example",
    "@demo.example,@mail.demo.example:user@foreign.example",
    "user@[127.0.0.1]",
    "user@[192.0.2.1]",
    "user%foreign.example@[127.0.0.1]",
    "user@foreign.example@[127.0.0.1]",
    "user@localhost",
    "user@mail.demo.example",
    "root",
    "root@localhost",
    "|/bin/true@demo.example",
    '"|/bin/true"@demo.example',
    "/etc/passwd@demo.example",
    ":include:/etc/passwd@demo.example",
    "utf8=626f62@demo.example",
    "user@remote.example",
    "alice@demo.example@remote.example",
    "'; --@demo.example",
    "user@foreign.example.",
    "user@demo.example.foreign.example",
    "user@demo.example%foreign.example",
    "user%remote.example%foreign.example@demo.example",
    "demo.example!user@foreign.example",
    "foreign.example!user%remote.example@demo.example",
    "foreign.example!user@[127.0.0.1]",
    '"user@foreign.example"@[127.0.0.1]',
    '"user%foreign.example"@demo.example',
    '"foreign.example!user"@demo.example',
    "@foreign.example:user@demo.example",
    "@[127.0.0.1]:user@foreign.example",
    "user@[IPv6:::1]",
    "user@[::1]",
    "user@127.0.0.1",
    "user@2130706433",
    "user@0x7f000001",
    "user@foreign.example,alice@demo.example",
    "alice@demo.example,user@foreign.example",
    "alice@demo.example user@foreign.example",
    "alice@demo.example\tuser@foreign.example",
    "alice@demo.example>,<user@foreign.example",
    "user\\@foreign.example@demo.example",
    "user@foreign.example#@demo.example",
    "user@foreign.example(@demo.example)",
    "user(@demo.example)@foreign.example",
    "alice@demo.example\x00@foreign.example",
    "alice+@foreign.example",
    "user@*.example",
    "user@",
    "@demo.example",
    "*@demo.example",
]


@pytest.mark.parametrize("recipient", RELAY_TRICKS)
def test_no_spelling_of_a_foreign_recipient_is_taken(platform: Platform, recipient: str) -> None:
    with Dialogue(platform, "smtp") as smtp:
        smtp.reply()
        smtp.ask("EHLO other.example")
        assert smtp.ask("MAIL FROM:<sender@other.example>").startswith("250")
        answer = smtp.ask(f"RCPT TO:<{recipient}>")
        assert answer.startswith("5"), answer
        assert not smtp.ask("DATA").startswith("3")


@pytest.mark.parametrize("helo", ["other.example", "mail.demo.example", "localhost", "[127.0.0.1]"])
@pytest.mark.parametrize(
    "sender",
    [
        "alice@demo.example",
        "ALICE@DEMO.EXAMPLE",
        "",
        "postmaster@mail.demo.example",
        "root@localhost",
        "root",
        "root@[127.0.0.1]",
        "user@foreign.example",
    ],
)
def test_neither_sender_nor_greeting_gives_a_right_to_relay(platform: Platform, sender: str, helo: str) -> None:
    with Dialogue(platform, "smtp") as smtp:
        smtp.reply()
        smtp.ask(f"EHLO {helo}")
        smtp.ask(f"MAIL FROM:<{sender}>")
        assert not smtp.ask("RCPT TO:<user@foreign.example>").startswith("2")


def test_refusals_carry_the_gates_reference(platform: Platform) -> None:
    for recipient, reason in (
        ("nobody@demo.example", r"5\.1\.1 <nobody@demo\.example>: no such recipient here"),
        ("user@foreign.example", r"5\.7\.1 <user@foreign\.example>: Relay not permitted"),
    ):
        with pytest.raises(smtplib.SMTPRecipientsRefused, match=rf"{reason} \[[0-9a-z]{{13}}\]"):
            send_from_outside(platform, mail("refused"), [recipient])


def test_what_is_switched_off_is_told_as_such(platform: Platform) -> None:
    domain = f"off{secrets.token_hex(4)}.example"
    new_domain(platform, domain)
    who = new_mailbox(platform, f"gone@{domain}")
    until(lambda: said_to(platform, who.login)[0] == 250, "the mailbox to be known")

    def told(words: str) -> bool:
        code, text = said_to(platform, who.login)
        return code == 550 and text.startswith(f"{words} [")

    platform.mailcenter("mailbox", "change", who.login, "--inactive")
    until(lambda: told(f"5.2.1 <{who.login}>: this address is disabled"), "the mailbox to be off")
    platform.mailcenter("domain", "change", domain, "--inactive")
    until(lambda: told(f"5.1.2 <{who.login}>: mail for this domain is disabled"), "the domain to be off")


@pytest.mark.parametrize("command", ["VRFY alice@demo.example", "EXPN team", "ETRN demo.example"])
def test_commands_that_only_spies_need(platform: Platform, command: str) -> None:
    with Dialogue(platform, "smtp") as smtp:
        smtp.reply()
        smtp.ask("EHLO other.example")
        assert smtp.ask(command).startswith("5")


def test_talking_before_the_turn_is_refused(platform: Platform, alice: Account) -> None:
    with Dialogue(platform, "smtp") as smtp:
        smtp.reply()
        smtp.send(b"EHLO other.example\r\nMAIL FROM:<sender@other.example>\r\nRCPT TO:<alice@demo.example>\r\n")
        answers = [smtp.reply() for _ in range(2)]
    assert any(answer.startswith("5") or not answer for answer in answers), answers


def test_an_oversized_mail_is_refused_before_it_is_sent(platform: Platform, alice: Account) -> None:
    with smtplib.SMTP(HOST, platform.port("smtp"), timeout=30) as smtp:
        smtp.ehlo("other.example")
        size = platform.settings.smtp.message_size
        assert smtp.esmtp_features["size"] == str(size)
        code, text = smtp.mail("sender@other.example", [f"SIZE={size + 1}"])
    assert (code, text[:5]) == (552, b"5.3.4")


def test_too_many_recipients_are_deferred_not_lost(platform: Platform, alice: Account) -> None:
    most = platform.settings.smtp.recipients
    with smtplib.SMTP(HOST, platform.port("smtp"), timeout=60) as smtp:
        smtp.ehlo("other.example")
        smtp.mail("sender@other.example")
        codes = [smtp.rcpt(f"alice+{number}@demo.example")[0] for number in range(most + 1)]
    assert codes == [250] * most + [452]
