"""What a mail program must be told: server, port and encryption of each service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mailcenter.settings.model import Settings

Protocol = Literal["imap", "pop3", "smtp"]


@dataclass(frozen=True)
class Service:
    """One way to get or send mail. `starttls`: encryption begins inside the connection, else with it (RFC 8314)."""

    protocol: Protocol
    host: str
    port: int
    starttls: bool = False

    @property
    def is_incoming(self) -> bool:
        return self.protocol != "smtp"


def services(settings: Settings) -> list[Service]:
    """In the order in which people and programs should try them."""
    host, listen = settings.host_name, settings.listen
    return [
        Service("imap", host, listen.imaps),
        Service("smtp", host, listen.submissions),
        Service("pop3", host, listen.pop3s),
        Service("smtp", host, listen.submission, starttls=True),
    ]


def service(settings: Settings, protocol: Protocol) -> Service:
    """The best one that speaks this protocol."""
    return next(item for item in services(settings) if item.protocol == protocol)
