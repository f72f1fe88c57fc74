"""How mail from elsewhere is taken in and judged."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from mailcenter.settings.model.base import HostName, Network, NextHop, Section, _pattern


class Smtp(Section):
    """Limits of the SMTP dialogue."""

    message_size: int = Field(
        default=50 * 2**20, ge=64 * 2**10, le=2**30, description="Largest message accepted, in bytes (RFC 1870)."
    )
    recipients: int = Field(
        default=200,
        ge=100,
        le=10000,
        description="Most recipients of one message (RFC 5321 section 4.5.3.1.8 asks for 100 at least).",
    )
    greet_wait: float = Field(
        default=6.0, ge=0.0, le=30.0, description="Seconds postscreen waits for a client that talks too early."
    )
    always_pass: list[Network] = Field(
        default=[], description="Client networks that postscreen lets through without its tests."
    )
    xclient: list[Network] = Field(
        default=[],
        description="Client networks that may use XCLIENT to state another client address: load balancers, and tests.",
    )
    processes: int = Field(
        default=100, ge=5, le=2000, description="Most parallel smtpd processes (Postfix `default_process_limit`)."
    )
    routes: dict[HostName, NextHop] = Field(
        default={},
        description='Fixed next hops instead of DNS: domain to `host:port`, as in `"partner.example" = "192.0.2.7:25"`.',
    )


class Gate(Section):
    """The milter that judges each mail while the sender waits."""

    workers: int = Field(
        default=0,
        ge=0,
        le=64,
        description="Processes that share the gate's socket; 0: one for each two cores. More of them take more CPU for each mail, as each has a memory of its own.",
    )
    filter_timeout: float = Field(
        default=20.0,
        gt=0,
        le=300,
        description="Seconds that Rspamd and clamd may take together; then the sender is told to come back (451 4.3.0).",
    )
    lookup_timeout: float = Field(
        default=5.0, gt=0, le=60, description="Seconds a question to the directory may take; then 451 4.3.0."
    )
    memory: int = Field(
        default=512 * 2**20,
        ge=64 * 2**20,
        description="Bytes of message content each worker holds at the most; beyond it senders get 452 4.3.1.",
    )
    trusted_arc_sealers: list[HostName] = Field(
        default=[],
        description="Domains (with those below) whose ARC seal is believed where DMARC fails on the way (RFC 8617).",
    )

    @property
    def processes(self) -> int:
        """How many workers run."""
        return self.workers or max(1, (os.cpu_count() or 1) // 2)


class Spam(Section):
    """Score thresholds (seed 2)."""

    junk_score: float = Field(default=6.0, description="From this Rspamd score on a mail is delivered into Junk.")
    refuse_score: float = Field(default=9.0, description="From this Rspamd score on a mail is refused.")
    link_lists: bool = Field(
        default=False,
        description="Whether Rspamd looks up links, domains and addresses within a mail in public DNS lists (SURBL, URIBL, PhishTank and others). Several want a contract of providers with many questions a day: read their terms first. They cost about a millisecond of CPU for each mail.",
    )
    training: bool = Field(
        default=True, description="What people move into and out of Junk trains the filter, for the whole site."
    )


class VirusScanner(Section):
    """A virus scanner beside our own clamd; `[[virus.scanners]]` for each. Give either `clamd` or `command`."""

    name: str = Field(pattern=r"\A[a-z0-9-]{1,32}\z", description="Its name in the ledger and the metrics.")
    clamd: Path | None = Field(
        default=None, description="Unix socket of another clamd, or of what speaks its protocol."
    )
    command: list[str] = Field(
        default=[],
        description="Program (absolute path) and arguments, run for each mail as the gate's user. `{file}` is a file with the message, `{parts}` a folder with the message and its decoded parts (for what cannot read mail, as YARA); else the message comes on stdin. It costs a process per mail: prefer a daemon.",
    )
    clean: list[int] = Field(default=[0], description="Exit codes of the command that say: nothing found.")
    infected: list[int] = Field(
        default=[1], description="Exit codes that say: found. Any other code is no verdict: 451 to the sender."
    )
    pattern: Annotated[str, AfterValidator(_pattern)] = Field(
        default="",
        description="Regular expression over what the command prints; the first group of each match names a finding, whatever the exit code.",
    )
    concurrency: int = Field(default=2, ge=1, le=64, description="Commands at once in each worker of the gate.")
    timeout: float = Field(default=10.0, gt=0, le=300, description="Seconds for one command; then 451 to the sender.")


class Virus(Section):
    """Virus scanner."""

    update: bool = Field(
        default=True,
        description="Run freshclam to keep the signatures current. Without it only the small local database (EICAR) is used.",
    )
    scan_size: int = Field(
        default=50 * 2**20,
        ge=2**20,
        description="Bytes of one message that clamd is given at the most; keep it at `smtp.message_size` or above.",
    )
    scanners: list[VirusScanner] = Field(
        default=[],
        description="Further scanners, asked beside clamd about each mail. What one finds is refused; one that fails defers.",
    )
