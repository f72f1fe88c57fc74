"""IMAP, POP3 and ManageSieve: only over TLS, only with the right password, with the folders that programs look for."""

from __future__ import annotations

import base64
import imaplib
import poplib
import secrets

import pytest

from tests.harness.clients import (
    HOST,
    Account,
    Dialogue,
    mail,
    mailbox,
    new_mailbox,
    send_from_outside,
    trusting,
    unique,
    wait_for_mail,
)
from tests.harness.platform import Platform

SPECIAL_USE = {"Drafts": r"\Drafts", "Sent": r"\Sent", "Junk": r"\Junk", "Trash": r"\Trash", "Archive": r"\Archive"}


def elsewhere() -> str:
    """A client address that no other test uses.

    Dovecot counts a connection from an address to itself as secure, and slows down an address that guesses passwords.
    """
    return f"127.{10 + secrets.randbelow(200)}.{secrets.randbelow(256)}.{1 + secrets.randbelow(250)}"


def test_folders_are_there_and_marked(platform: Platform, alice: Account) -> None:
    with mailbox(platform, alice) as imap:
        _, listed = imap.list()
        _, subscribed = imap.lsub()
    lines = [line.decode() for line in listed if isinstance(line, bytes)]
    for folder, flag in SPECIAL_USE.items():
        assert any(flag in line and line.endswith(f" {folder}") for line in lines), (folder, lines)
        assert any(isinstance(line, bytes) and line.decode().endswith(f" {folder}") for line in subscribed)


def test_imap_with_starttls(platform: Platform, alice: Account) -> None:
    with imaplib.IMAP4(HOST, platform.port("imap"), timeout=30) as imap:
        imap.starttls(trusting(platform))
        assert imap.login(alice.login, alice.password)[0] == "OK"


def test_imap_without_tls_has_no_login(platform: Platform, alice: Account) -> None:
    with Dialogue(platform, "imap", source=elsewhere()) as dialogue:
        greeting = dialogue.line()
        assert "LOGINDISABLED" in greeting
        assert "AUTH=PLAIN" not in greeting
        dialogue.send(f'a LOGIN "{alice.login}" "{alice.password}"\r\n'.encode())
        while not (answer := dialogue.line()).startswith("a "):
            assert answer.startswith("* BAD [ALERT]"), answer
    assert answer.startswith("a NO [PRIVACYREQUIRED]")


@pytest.mark.parametrize("tls_from_the_start", [True, False])
def test_pop3(platform: Platform, bob: Account, tls_from_the_start: bool) -> None:
    subject = unique("pop")
    send_from_outside(platform, mail(subject, to=bob.login), [bob.login])
    wait_for_mail(platform, bob, subject)
    if tls_from_the_start:
        pop: poplib.POP3 = poplib.POP3_SSL(HOST, platform.port("pop3s"), context=trusting(platform), timeout=30)
    else:
        pop = poplib.POP3(HOST, platform.port("pop3"), timeout=30)
        pop.stls(trusting(platform))
    pop.user(bob.login)
    pop.pass_(bob.password)
    count, _ = pop.stat()
    _, lines, _ = pop.retr(count)
    pop.quit()
    assert f"Subject: {subject}".encode() in lines


def test_pop3_without_tls_has_no_login(platform: Platform, alice: Account) -> None:
    with Dialogue(platform, "pop3", source=elsewhere()) as dialogue:
        assert dialogue.line().startswith("+OK")
        dialogue.send(f"USER {alice.login}\r\n".encode())
        assert dialogue.line().startswith("-ERR")


def imap_login_answer(platform: Platform, login: str, password: str) -> str:
    """What Dovecot says to a LOGIN over TLS."""
    with Dialogue(platform, "imaps", source=elsewhere()) as dialogue:
        dialogue.start_tls(trusting(platform))
        assert dialogue.line().startswith("* OK")
        dialogue.send(f'a LOGIN "{login}" "{password}"\r\n'.encode())
        return dialogue.line()


def test_wrong_passwords_are_refused(platform: Platform, alice: Account) -> None:
    assert imap_login_answer(platform, alice.login, "wrong").startswith("a NO [AUTHENTICATIONFAILED]")
    with Dialogue(platform, "pop3s", source=elsewhere()) as dialogue:
        dialogue.start_tls(trusting(platform))
        assert dialogue.line().startswith("+OK")
        dialogue.send(f"USER {alice.login}\r\nPASS wrong\r\n".encode())
        assert dialogue.line().startswith("+OK")
        assert dialogue.line().startswith("-ERR [AUTH]")


def test_a_login_that_does_not_exist_looks_like_a_wrong_password(platform: Platform, alice: Account) -> None:
    answers = {imap_login_answer(platform, login, "wrong") for login in (alice.login, "nobody'; --@demo.example")}
    assert answers == {"a NO [AUTHENTICATIONFAILED] Authentication failed."}


def test_a_new_password_works_and_the_old_one_ends_at_once(platform: Platform) -> None:
    old = new_mailbox(platform, f"{secrets.token_hex(4)}@demo.example")
    with mailbox(platform, old):
        pass
    new = Account(old.login, secrets.token_urlsafe(18))
    platform.mailcenter("user", "change", old.login, "--password-stdin", stdin=f"{new.password}\n")
    with mailbox(platform, new):
        pass

    assert "AUTHENTICATIONFAILED" in imap_login_answer(platform, old.login, old.password)


def test_an_address_in_capitals_is_the_same_login(platform: Platform, alice: Account) -> None:
    with mailbox(platform, Account(alice.login.upper(), alice.password)) as imap:
        assert imap.select("INBOX")[0] == "OK"


class ManageSieve:
    """As much of RFC 5804 as the tests need."""

    def __init__(self, platform: Platform, who: Account) -> None:
        self.dialogue = Dialogue(platform, "sieve")
        self.capabilities = self._answer()
        self._ask("STARTTLS")
        self.dialogue.start_tls(trusting(platform))
        self._answer()
        token = base64.b64encode(f"\0{who.login}\0{who.password}".encode()).decode()
        self.login = self._ask(f'AUTHENTICATE "PLAIN" "{token}"')

    def put(self, name: str, script: str) -> list[str]:
        return self._ask(f'PUTSCRIPT "{name}" {{{len(script.encode())}+}}\r\n{script}')

    def activate(self, name: str) -> list[str]:
        return self._ask(f'SETACTIVE "{name}"')

    def _ask(self, command: str) -> list[str]:
        self.dialogue.send(command.encode() + b"\r\n")
        return self._answer()

    def _answer(self) -> list[str]:
        lines = [self.dialogue.line()]
        while lines[-1] and not lines[-1].startswith(("OK", "NO", "BYE")):
            lines.append(self.dialogue.line())
        return lines


def test_managesieve_sorts_mail(platform: Platform) -> None:
    who = new_mailbox(platform, f"{secrets.token_hex(4)}@demo.example")
    sieve = ManageSieve(platform, who)
    with sieve.dialogue:
        assert sieve.login[-1].startswith("OK")
        script = 'require ["fileinto", "mailbox"];\r\nfileinto :create "Projects";\r\n'
        assert sieve.put("main", script)[-1].startswith("OK")
        assert sieve.activate("main")[-1].startswith("OK")
    subject = unique("sorted")
    send_from_outside(platform, mail(subject, to=who.login), [who.login])
    wait_for_mail(platform, who, subject, "Projects")


def test_a_broken_script_is_refused(platform: Platform, alice: Account) -> None:
    sieve = ManageSieve(platform, alice)
    with sieve.dialogue:
        assert sieve.put("broken", "fileinto nothing;")[0].startswith("NO")


def test_managesieve_without_tls_has_no_login(platform: Platform, alice: Account) -> None:
    with Dialogue(platform, "sieve", source=elsewhere()) as dialogue:
        capabilities = [line := dialogue.line()]
        while not line.startswith("OK"):
            capabilities.append(line := dialogue.line())
        assert '"SASL" ""' in capabilities
        token = base64.b64encode(f"\0{alice.login}\0{alice.password}".encode()).decode()
        dialogue.send(f'AUTHENTICATE "PLAIN" "{token}"\r\n'.encode())
        assert dialogue.line().startswith("NO")
