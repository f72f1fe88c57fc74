"""Where mail lies, what is kept of it, and who is told."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Annotated

from pydantic import Field

from mailcenter.settings.model.base import Network, Section


class Notices(Section):
    """Mails that tell a recipient which mail to him was refused for a virus or a forbidden attachment (seed 4)."""

    enabled: bool = Field(
        default=True, description="Whether they are sent where neither the mailbox nor its domain says otherwise."
    )
    most_per_day: int = Field(
        default=20, ge=1, le=1000, description="Most notices to one mailbox in a day; one per sender at the most."
    )


class Reports(Section):
    """What postmasters elsewhere report as refused wrongly (promise A16)."""

    told: list[Annotated[str, Field(pattern=r"\A[^@\s<>{},]+@[^@\s<>{},]+\z")]] = Field(
        default_factory=list,
        max_length=20,
        description="Addresses that are told of new reports by mail, once a day at the most.",
    )


class Mail(Section):
    """Mailboxes."""

    default_store: str = Field(
        default="main", pattern=r"\A[a-z0-9-]{1,32}\z", description="Store group of new mailboxes."
    )
    postmaster: str = Field(
        default="",
        pattern=r"\A([^@\s{}]+@[^@\s{}]+)?\z",
        description="Reader of mail to this host's postmaster: undeliverable bounces, and what is for postmaster or abuse of a "
        "domain that has no such address. Better a mailbox here than one elsewhere, which may refuse what is sent on; empty: kept in a mailbox of its own.",
    )


class Ledger(Section):
    """The record of every SMTP transaction."""

    retention_days: int = Field(
        default=90, ge=1, le=3650, description="Days after which a day's partition of the ledger is dropped."
    )
    batch: int = Field(default=500, ge=1, le=10000, description="Most records written to the database at once.")


class Metrics(Section):
    """Figures of the gate for Prometheus, at `/metrics` of the web server."""

    enabled: bool = Field(default=True, description="Whether they are counted and shown.")
    networks: list[Network] = Field(
        default_factory=lambda: [ip_network("127.0.0.0/8"), ip_network("::1/128")],
        description="Client networks that may read them.",
    )
