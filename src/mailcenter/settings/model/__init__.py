"""Every setting of the platform, typed, with its default and its documentation in one place.

`docs/settings.md` is generated from these classes; `load.py` reads `mailcenter.toml` into them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from mailcenter.settings.model.base import HostName, Network, Section
from mailcenter.settings.model.incoming import Gate, Smtp, Spam, Virus
from mailcenter.settings.model.network import Certificates, Dns, DnsListEntry, Listen, Tls
from mailcenter.settings.model.people import Guard, Limits, Passwords, Sessions
from mailcenter.settings.model.record import Ledger, Mail, Metrics, Notices, Reports
from mailcenter.settings.model.web import RoleName, Web

__all__ = ["Dns", "DnsListEntry", "Network", "Notices", "RoleName", "Section", "Sessions", "Settings"]


class Settings(Section):
    """The whole of `mailcenter.toml`."""

    host_name: HostName = Field(description="The server's public name: greeting, HELO, certificate, authserv-id.")
    node: Annotated[str, Field(pattern=r"\A[a-z0-9-]{1,32}\z")] = Field(
        default="node1", description="This node's short name, unique in a cluster; stands in each ledger row."
    )
    state_dir: Path = Field(description="The one directory that holds all data, absolute.")
    demo: bool = Field(
        default=False, description="A demo or test state: demo logins are stored and shown by `mailcenter info`."
    )
    language: Literal["de", "en"] = Field(default="en", description="Language where nothing else is known.")
    cache_dir: Path = Field(
        default=Path("/var/cache/mailcenter"),
        description="Files that can be made anew at any time and are shared by states of one machine (Rspamd's compiled expressions).",
    )
    listen: Listen = Field(default_factory=Listen)
    dns: Dns = Field(default_factory=Dns)
    dns_lists: list[DnsListEntry] | None = Field(
        default=None,
        description="DNS lists of addresses; none: those in `policy/dns_lists/shipped.py`, unless `dns.offline`.",
    )
    tls: Tls = Field(default_factory=Tls)
    certificates: Certificates = Field(default_factory=Certificates)
    smtp: Smtp = Field(default_factory=Smtp)
    gate: Gate = Field(default_factory=Gate)
    guard: Guard = Field(default_factory=Guard)
    sessions: Sessions = Field(default_factory=Sessions)
    passwords: Passwords = Field(default_factory=Passwords)
    spam: Spam = Field(default_factory=Spam)
    virus: Virus = Field(default_factory=Virus)
    notices: Notices = Field(default_factory=Notices)
    reports: Reports = Field(default_factory=Reports)
    mail: Mail = Field(default_factory=Mail)
    limits: Limits = Field(default_factory=Limits)
    ledger: Ledger = Field(default_factory=Ledger)
    web: Web = Field(default_factory=Web)
    metrics: Metrics = Field(default_factory=Metrics)
