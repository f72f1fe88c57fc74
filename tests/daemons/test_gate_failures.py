"""Parts that fail in the middle of a mail: the sender is told to come back, and the next try passes."""

from __future__ import annotations

import smtplib
import socket
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import psutil
import pytest

from tests.harness.clients import HOST, OUTSIDE, Account, mail, send_from_outside, unique, wait_for_mail
from tests.harness.parts import family, healthy, postfix_beginning_anew, stopped
from tests.harness.platform import Platform
from tests.harness.wait import until
from tests.unit.milter import packets
from tests.unit.milter.packets import packet


@contextmanager
def sending(platform: Platform, subject: str, recipient: str) -> Iterator[Future[int]]:
    """A mail on its way in another thread; the result is the reply code of its refusal, 250 without one."""

    def send() -> int:
        try:
            send_from_outside(platform, mail(subject), [recipient])
        except smtplib.SMTPResponseException as refusal:
            return refusal.smtp_code
        except smtplib.SMTPRecipientsRefused as refusal:
            return max(code for code, _ in refusal.recipients.values())
        return 250

    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(send)


def waits_at_end_of_data(platform: Platform) -> Callable[[], bool]:
    """Whether a mail has come as far as its scan: Postfix has given it a queue id that was not there before."""
    log = platform.paths.log("postfix")
    before = log.read_text().count("message-id=")
    return lambda: log.read_text().count("message-id=") > before


@pytest.mark.parametrize("engine", ["rspamd", "clamd", "redis"])
def test_scanner_killed_in_the_middle(platform: Platform, alice: Account, engine: str) -> None:
    subject = unique(f"killed {engine}")
    processes = family(platform, engine)
    reached = waits_at_end_of_data(platform)
    with stopped(processes), sending(platform, subject, alice.login) as answer:
        until(reached, "the mail to be scanned")
        assert not answer.done()
        for process in processes:
            process.kill()
        code = answer.result(timeout=60)
    until(lambda: healthy(platform, engine), f"{engine} to be back", timeout=60)
    if code != 250:  # redis: a restart within the retry is as good as none
        assert code == 451
        send_from_outside(platform, mail(subject), [alice.login])
    else:
        assert engine == "redis"
    wait_for_mail(platform, alice, subject)


def test_scanner_too_slow(platform: Platform, alice: Account) -> None:
    subject = unique("slow")
    with stopped(family(platform, "clamd")), sending(platform, subject, alice.login) as answer:
        assert answer.result(timeout=platform.settings.gate.filter_timeout + 20) == 451
    send_from_outside(platform, mail(subject), [alice.login])
    wait_for_mail(platform, alice, subject)


def test_gate_killed_in_the_middle(platform: Platform, alice: Account) -> None:
    subject = unique("killed gate")
    reached = waits_at_end_of_data(platform)
    parent, *workers = family(platform, "gate")
    with stopped(family(platform, "rspamd")), sending(platform, subject, alice.login) as answer:
        until(reached, "the mail to be scanned")
        for worker in workers:
            worker.kill()
        assert answer.result(timeout=30) == 451
    assert parent.is_running()
    until(lambda: len(family(platform, "gate")) == 1 + platform.settings.gate.processes, "new workers")
    send_from_outside(platform, mail(subject), [alice.login])
    wait_for_mail(platform, alice, subject)


def test_workers_do_not_outlive_their_parent(platform: Platform) -> None:
    parent, *workers = family(platform, "gate")
    parent.kill()
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert alive == []
    until(lambda: healthy(platform, "gate"), "a new gate", timeout=60)


def test_directory_halted(platform: Platform) -> None:
    """The gate neither accepts nor refuses for good: nobody can say whether the domain is ours.

    Asked at its own socket, because Postfix resolves the recipient first and waits for PostgreSQL itself.
    """
    domain = f"{unique('d').replace(' ', '')}.example"
    with stopped(family(platform, "postgres")):
        assert answer_to_recipient(platform, f"x@{domain}").startswith(b"y451 4.3.0 ")

    def knows_again() -> bool:
        return answer_to_recipient(platform, f"x@{domain}").startswith(b"y550 5.7.1 ")

    until(knows_again, "the gate to ask the directory again")


def answer_to_recipient(platform: Platform, address: str) -> bytes:
    """The gate's first objection, to MAIL or to the recipient: the milter's letter and its text."""
    with socket.socket(socket.AF_UNIX) as gate:
        gate.settimeout(platform.settings.gate.lookup_timeout + 10)
        gate.connect(str(platform.paths.gate_socket))
        rcpt = packet(b"R", f"<{address}>\0".encode())
        gate.sendall(packets.NEGOTIATE + packets.HELO + packets.MAIL + rcpt)
        with gate.makefile("rb") as answers:
            for _ in range(3):  # to the negotiation, to MAIL, to RCPT
                length = int.from_bytes(answers.read(4), "big")
                answer = answers.read(length)
                if answer.startswith(b"y"):
                    return answer
    return b""


def test_directory_killed(platform: Platform, alice: Account) -> None:
    """While PostgreSQL restarts every answer is right or temporary."""
    subject = unique("directory killed")
    with postfix_beginning_anew(platform):
        main, *_ = family(platform, "postgres")
        main.kill()
        codes = []
        for _ in range(5):
            with sending(platform, subject, "nobody@demo.example") as answer:
                codes.append(answer.result(timeout=60))
        assert set(codes) <= {550, 450, 451}, codes
        # Dovecot first: a mail that comes before it finds its accounts again waits in the queue for minutes.
        until(lambda: is_known_to_dovecot(platform, alice), "Dovecot to ask the directory again", timeout=90)
        until(lambda: accepted(platform, subject, alice.login), "mail to be accepted again", timeout=90)
        wait_for_mail(platform, alice, subject)


def accepted(platform: Platform, subject: str, recipient: str) -> bool:
    with sending(platform, subject, recipient) as answer:
        code = answer.result(timeout=90)
    assert code == 250 or 400 <= code < 500, code
    return code == 250


def is_known_to_dovecot(platform: Platform, who: Account) -> bool:
    """As a delivery asks: logins are another daemon's."""
    config = str(platform.paths.etc("dovecot") / "dovecot.conf")
    done = subprocess.run(["doveadm", "-c", config, "user", who.login], capture_output=True, check=False, timeout=60)
    return done.returncode == 0


def test_changes_of_the_directory_are_known_at_once(platform: Platform) -> None:
    address = f"{unique('new').replace(' ', '-')}@demo.example"
    until(lambda: accepted(platform, unique("before"), "alice@demo.example"), "mail to be accepted", timeout=90)
    with smtplib.SMTP(HOST, platform.port("smtp"), local_hostname="other.example", timeout=30) as smtp:
        smtp.ehlo()
        smtp.mail(OUTSIDE)
        assert smtp.rcpt(address)[0] == 550
        platform.mailcenter("alias", "add", address, "alice@demo.example")
        until(lambda: smtp.rcpt(address)[0] == 250, "the alias to be known", timeout=60)
        platform.mailcenter("alias", "remove", address)
        until(lambda: smtp.rcpt(address)[0] == 550, "the alias to be unknown", timeout=60)
