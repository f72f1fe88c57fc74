"""What mail programs and other sites do with the platform, in Python: send to port 25, submit, read over IMAP."""

from __future__ import annotations

import imaplib
import secrets
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.harness.platform import Platform
from tests.harness.wait import until

HOST = "127.0.0.1"
OUTSIDE = "sender@other.example"
DATE = "Sun, 22 Nov 2026 10:00:00 +0000"


@dataclass(frozen=True)
class Account:
    """A login of the platform; `login` is also the address."""

    login: str
    password: str


def account(platform: Platform, name: str) -> Account:
    """One of the demo's accounts: `alice` or `bob`."""
    return Account(**platform.logins[name])


def new_mailbox(platform: Platform, address: str, *options: str) -> Account:
    """Make a mailbox with a random password, as an operator would."""
    made = Account(address, secrets.token_urlsafe(18))
    platform.mailcenter("mailbox", "add", address, "--password-stdin", *options, stdin=f"{made.password}\n")
    return made


def trusting(platform: Platform) -> ssl.SSLContext:
    """A client's TLS that verifies the platform's certificate and name."""
    return ssl.create_default_context(cafile=str(platform.paths.ca_certificate))


def unique(subject: str) -> str:
    """A subject that no other mail has."""
    return f"{subject} {secrets.token_hex(6)}"


def mail(
    subject: str, *, sender: str = OUTSIDE, to: str = "alice@demo.example", body: str = "hello\r\n"
) -> EmailMessage:
    """A short plain mail."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = DATE
    message["Message-ID"] = f"<{secrets.token_hex(8)}@other.example>"
    message.set_content(body)
    return message


def send_from_outside(
    platform: Platform,
    message: EmailMessage | bytes,
    recipients: Sequence[str],
    *,
    sender: str = OUTSIDE,
    options: Sequence[str] = (),
) -> None:
    """Send as another site's server does; raises smtplib's error with the reply where the mail is refused."""
    content = message if isinstance(message, bytes) else message.as_bytes()
    with smtplib.SMTP(HOST, platform.port("smtp"), local_hostname="other.example", timeout=30) as smtp:
        smtp.sendmail(sender, list(recipients), content, mail_options=list(options))


def said_to(platform: Platform, recipient: str) -> tuple[int, str]:
    """The reply to RCPT that another site's server hears."""
    with smtplib.SMTP(HOST, platform.port("smtp"), local_hostname="other.example", timeout=60) as smtp:
        smtp.ehlo()
        smtp.mail(OUTSIDE)
        code, text = smtp.rcpt(recipient)
        return code, text.decode()


@contextmanager
def logged_in(platform: Platform, who: Account, service: str = "submissions") -> Iterator[smtplib.SMTP]:
    """A submission session after login, over `submissions` (465) or `submission` (587, STARTTLS)."""
    context = trusting(platform)
    if service == "submissions":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(HOST, platform.port(service), context=context, timeout=30)
    else:
        smtp = smtplib.SMTP(HOST, platform.port(service), timeout=30)
        smtp.starttls(context=context)
    with smtp:
        smtp.login(who.login, who.password)
        yield smtp


@contextmanager
def mailbox(platform: Platform, who: Account) -> Iterator[imaplib.IMAP4_SSL]:
    """An IMAP session over TLS; by SASL, as LOGIN could not name an address beyond ASCII."""
    with imaplib.IMAP4_SSL(HOST, platform.port("imaps"), ssl_context=trusting(platform), timeout=30) as imap:
        imap.authenticate("PLAIN", lambda _: f"\0{who.login}\0{who.password}".encode())
        yield imap


def subjects(platform: Platform, who: Account, folder: str = "INBOX") -> list[str]:
    """The subjects in a folder; empty where the folder is missing."""
    return [str(message["subject"]) for message in messages(platform, who, folder)]


def messages(platform: Platform, who: Account, folder: str = "INBOX") -> list[EmailMessage]:
    """The mails in a folder; empty where the folder is missing."""
    with mailbox(platform, who) as imap:
        answer, counts = imap.select(folder, readonly=True)
        if answer != "OK" or counts == [b"0"]:  # Dovecot knows no message set in an empty folder
            return []
        _, answers = imap.fetch("1:*", "(BODY.PEEK[])")
        found = [answer[1] for answer in answers if isinstance(answer, tuple)]
        return [message_from_bytes(content, policy=policy.default) for content in found]


def wait_for_mail(platform: Platform, who: Account, subject: str, folder: str = "INBOX") -> EmailMessage:
    """The mail with this subject, as soon as it lies in the folder."""
    return until(
        lambda: next((each for each in messages(platform, who, folder) if each["subject"] == subject), None),
        f"the mail {subject!r} in {folder} of {who.login}",
    )


class Dialogue:
    """A line-based dialogue byte by byte, for what well-behaved libraries would not send."""

    def __init__(self, platform: Platform, service: str, *, source: str = HOST, seconds: float = 20) -> None:
        self._socket = socket.create_connection(
            (HOST, platform.port(service)), timeout=seconds, source_address=(source, 0)
        )
        self._lines = self._socket.makefile("rb")

    def __enter__(self) -> Dialogue:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()
        self._socket.close()

    def line(self) -> str:
        """The next line without its end; empty at the end of the connection."""
        return self._lines.readline(8192).decode("utf-8", "replace").rstrip("\r\n")

    def octets(self, count: int) -> bytes:
        """The next bytes, fewer at the end of the connection."""
        return self._lines.read(count)

    def reply(self) -> str:
        """The last line of the next SMTP reply."""
        while True:
            line = self.line()
            if line[3:4] != "-":
                return line

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def ask(self, command: str) -> str:
        """Send an SMTP command and give the last line of the reply."""
        self.send(command.encode() + b"\r\n")
        return self.reply()

    def start_tls(self, context: ssl.SSLContext) -> None:
        """Go on encrypted, after the server has agreed."""
        self._lines.close()
        self._socket = context.wrap_socket(self._socket, server_hostname=HOST)
        self._lines = self._socket.makefile("rb")
