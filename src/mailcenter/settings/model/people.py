"""Logins and sessions of people and their programs, and what customers may have."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import Field

from mailcenter.settings.model.base import Network, Port, Section


class Guard(Section):
    """Against guessing passwords (seed 3): who guesses too often is locked out of a service for a while."""

    port: Port = Field(default=24180, description="Loopback port on which Dovecot asks the guard.")
    guesses: int = Field(
        default=10,
        ge=3,
        le=1000,
        description="Different wrong guesses of one client network (IPv4 address, IPv6 /64) at a service that lock it out.",
    )
    window: float = Field(default=600.0, ge=10, le=86400, description="Seconds within which they are counted.")
    lockout: float = Field(
        default=600.0, ge=1, le=86400, description="Seconds of the first lockout; each one soon after is twice as long."
    )
    longest_lockout: float = Field(default=86400.0, ge=1, le=30 * 86400, description="Seconds of the longest lockout.")
    patience: int = Field(
        default=3,
        ge=1,
        le=100,
        description="So many times the guesses for a network from which the account was used lately.",
    )
    slow_guesses: int = Field(
        default=30,
        ge=5,
        le=300,
        description="Different wrong guesses of one client network at one account, within the longer window, that lock it out as well: for who guesses slowly.",
    )
    slow_window: float = Field(
        default=86400.0, ge=600, le=7 * 86400, description="Seconds within which these are counted."
    )
    account_guesses: int = Field(
        default=50,
        ge=5,
        le=10000,
        description="Different wrong guesses at one account from networks it does not know; such networks then wait, and from four times as many on are turned away.",
    )
    account_window: float = Field(
        default=3600.0, ge=60, le=86400, description="Seconds within which these are counted."
    )
    known_days: int = Field(
        default=60, ge=1, le=365, description="Days that an account knows a network it was used from."
    )
    never_lock: list[Network] = Field(
        default=[], description="Client networks that are never locked out: own webmail, monitoring."
    )
    ban: float = Field(
        default=86400.0,
        ge=0,
        le=30 * 86400,
        description="Seconds for which the gate, too, shuts out a network that was locked out for guessing and that nobody logged in from; each further time twice as long. 0: not at all.",
    )
    firewall: bool = Field(
        default=False,
        description="Whether the firewall (nftables) drops networks that are banned for guessing, at all ports of the platform.",
    )
    history_days: int = Field(
        default=90, ge=1, le=3650, description="Days that logins are kept for their owner to see."
    )
    country_database: Path | None = Field(
        default=None,
        description="Database of countries by address, in MaxMind's format (`.mmdb`), readable by the users `mailcenter-guard` and `mailcenter-logins`; without one logins show no country.",
    )
    tell_new_logins: bool = Field(
        default=True,
        description="Whether an owner is told by mail of the first login from a network (IPv4 /24, IPv6 /64) that his account was never used from.",
    )


class Sessions(Section):
    """How many sessions a client may hold, and how long it may be silent in one.

    The center's sessions are `web.session_hours` and `web.idle_minutes`.
    """

    imap: int = Field(
        default=6000,
        ge=100,
        le=30000,
        description="Most IMAP sessions of all accounts at once. A mail program holds one to five as long as it runs, each takes about 1 MiB of memory.",
    )
    per_account_and_address: int = Field(
        default=20,
        ge=1,
        le=1000,
        description="Most IMAP sessions of one account from one address at once, and as many of POP3.",
    )
    per_account: int = Field(
        default=100,
        ge=1,
        le=10000,
        description="Most sessions of IMAP, POP3 and ManageSieve of one account at once, from all addresses together. A mailbox that many people share needs some for each.",
    )
    submission_per_address: int = Field(
        default=20,
        ge=1,
        le=1000,
        description="Most connections of one address to the ports for submission at once; this host itself and `guard.never_lock` are not bounded.",
    )
    submission_per_account: int = Field(
        default=50,
        ge=1,
        le=10000,
        description="Most sessions of submission of one account at once, from all addresses together; a session counts from its first mail on.",
    )
    imap_idle: int = Field(
        default=1800,
        ge=10,
        le=86400,
        description="Seconds of silence after which a session of IMAP or ManageSieve ends. The standard asks for 1800 at the least (RFC 9051 section 5.4), and a program that waits for mail (IDLE, RFC 2177) may be silent for 29 minutes. Above 1800 it concerns such programs only: Dovecot ends all others by then.",
    )
    pop3_idle: int = Field(
        default=600,
        ge=10,
        le=600,
        description="Seconds of silence after which a session of POP3 ends (RFC 1939 section 3: 600 at least, which is also Dovecot's most).",
    )
    submission_idle: int = Field(
        default=300,
        ge=5,
        le=3600,
        description="Seconds of silence after which a session of submission ends (RFC 5321 section 4.5.3.2.7: 300 at least).",
    )


class Passwords(Section):
    """How passwords are kept and checked."""

    passes: int = Field(
        default=2, ge=1, le=16, description="Passes of Argon2id (RFC 9106) over its memory, for new hashes."
    )
    memory: int = Field(
        default=19456,
        ge=7168,
        le=262144,
        description="KiB of memory of Argon2id; older hashes follow at the next login.",
    )
    minimum_score: int = Field(
        default=3,
        ge=0,
        le=4,
        description="How hard a password must be to guess, from 0 (any) to 4, as zxcvbn judges: 3 withstands an attack on stolen hashes of our kind for months. Operators may say otherwise on a screen, and each domain.",
    )
    deadline: date | None = Field(
        default=None,
        description="Last day on which older passwords still work that are easier to guess (`2027-03-31`); none: their owners are only told. Operators may say otherwise on a screen, and each domain.",
    )
    workers: int = Field(
        default=24, ge=2, le=256, description="Passwords of mail programs that are checked at the same time."
    )


class Limits(Section):
    """What organisations may have at the most; the limits themselves stand at each organisation."""

    overcommit: float = Field(
        default=1.0,
        ge=1.0,
        le=100.0,
        description="So many times an organisation's limit of storage may be given out as quotas: few people fill theirs.",
    )
    resellers_add_domains: bool = Field(
        default=False,
        description="Whether resellers add domains without an operator. Who adds a domain gets the mail that this platform's people send to it, so let only those do it whom you trust.",
    )
