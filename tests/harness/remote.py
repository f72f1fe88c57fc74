"""The remote site: a second mail server that takes, defers or refuses what the platform sends out.

The platform reaches it by a fixed route (`smtp.routes`), as an operator would set one for a partner's server.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

REMOTE_DOMAIN = "remote.example"


@dataclass(frozen=True)
class Received:
    """One mail as it arrived: envelope, the content that DATA meant, and `wire`, all that was sent for this mail."""

    mail_from: str
    rcpt_to: list[str]
    content: bytes
    wire: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)


class _Recording(SMTP):
    """Keeps what the client sends as it comes, until a mail is complete."""

    def __init__(self, site: RemoteSite, **options: Any) -> None:
        super().__init__(site, **options)
        self._wire = bytearray()

    def data_received(self, data: bytes) -> None:
        self._wire += data
        super().data_received(data)

    def take_wire(self) -> bytes:
        taken, self._wire = bytes(self._wire), bytearray()
        return taken


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Recording(self.handler, **self.SMTP_kwargs)


@dataclass
class RemoteSite:
    """What arrived so far, and what recipients are answered; without an answer a recipient is taken."""

    received: list[Received] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    def found(self, subject: str) -> Received | None:
        """The mail with this subject, if it has arrived."""
        return next((mail for mail in self.received if mail.message["subject"] == subject), None)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        answer = self.answers.get(address, "250 2.1.5 welcome")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        content = envelope.content or b""
        assert isinstance(content, bytes)
        assert isinstance(server, _Recording)
        self.received.append(
            Received(envelope.mail_from or "", list(envelope.rcpt_tos), content, wire=server.take_wire())
        )
        return "250 2.0.0 taken"


@contextmanager
def remote_site(port: int) -> Iterator[RemoteSite]:
    """The remote site, listening on 127.0.0.1 while the block runs."""
    site = RemoteSite()
    controller = _Controller(site, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True, ident="remote site")
    controller.start()
    try:
        yield site
    finally:
        controller.stop()
