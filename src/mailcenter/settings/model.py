"""Every setting of the platform, typed, with its default and its documentation in one place.

`docs/settings.md` is generated from these classes; `load.py` reads `mailcenter.toml` into them.
"""

from __future__ import annotations

import re
from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Port = Annotated[int, Field(ge=1, le=65535)]
Network = IPv4Network | IPv6Network

_HOST = re.compile(r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z")


def _host_name(value: str) -> str:
    if not _HOST.match(value):
        raise ValueError("must be a host name in lower case (letters, digits, hyphens and dots)")
    return value


def _pattern(value: str) -> str:
    try:
        groups = re.compile(value).groups
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from None
    if value and not groups:
        raise ValueError("needs a group in parentheses, which names the finding")
    return value


def _all_roles(given: dict[RoleName, int]) -> dict[RoleName, int]:
    return {**IDLE_MINUTES, **given}


HostName = Annotated[str, AfterValidator(_host_name)]
RoleName = Literal["operator", "support", "reseller", "domain_admin", "mailbox"]
IDLE_MINUTES: dict[RoleName, int] = {
    "operator": 60,
    "support": 60,
    "reseller": 60,
    "domain_admin": 120,
    "mailbox": 120,
}
NextHop = Annotated[str, Field(pattern=r"\A([A-Za-z0-9.-]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}\z")]


class Section(BaseModel):
    """A table of `mailcenter.toml`; an unknown name in it is an error, so that a typo never passes silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Listen(Section):
    """Where the platform listens. The demo uses unprivileged ports on loopback only."""

    addresses: list[str] = Field(
        default=["0.0.0.0", "::"],  # noqa: S104 - a mail server is public
        description="IP addresses that all public services listen on.",
    )
    smtp: Port = Field(default=25, description="SMTP from other servers (postscreen in front).")
    submission: Port = Field(default=587, description="Submission with STARTTLS (RFC 6409).")
    submissions: Port = Field(default=465, description="Submission over TLS (RFC 8314).")
    imap: Port = Field(default=143, description="IMAP with STARTTLS.")
    imaps: Port = Field(default=993, description="IMAP over TLS.")
    pop3: Port = Field(default=110, description="POP3 with STLS.")
    pop3s: Port = Field(default=995, description="POP3 over TLS.")
    sieve: Port = Field(default=4190, description="ManageSieve (RFC 5804).")
    http: Port = Field(default=80, description="HTTP; redirects to HTTPS, and answers the checks of ACME.")
    https: Port = Field(default=443, description="The control center and the REST API.")


class Dns(Section):
    """Our own validating resolver (Unbound)."""

    address: str = Field(default="127.0.0.53", description="Loopback address of the resolver.")
    port: Port = Field(default=53, description="Port of the resolver.")
    offline: bool = Field(
        default=False, description="Answer from the zones only and never ask the outside: for demos and tests."
    )
    zones_dir: Path | None = Field(
        default=None,
        description="Folder of zone files (`NAME.zone`) that the resolver serves as its own; without it `zones` in the state directory.",
    )
    timeout: float = Field(
        default=4.0, gt=0, le=30, description="Seconds that a question of the gate to the resolver may take."
    )
    forwarders: list[str] = Field(default=[], description="Ask these name servers instead of resolving from the root.")


class DnsListEntry(Section):
    """A DNS list of addresses that the gate asks about clients (RFC 5782); `[[dns_lists]]` for each."""

    zone: HostName = Field(description="The list's zone, as `psbl.surriel.com`.")
    kind: Literal["block", "allow"] = Field(
        default="block", description="block: speaks against a client; allow: speaks for it."
    )
    weight: float = Field(
        default=1.0,
        gt=0,
        le=999,
        description="What a listing weighs; rule `dnsbl` has the weights that defer or refuse.",
    )
    codes: dict[Annotated[str, Field(pattern=r"\A127(\.([0-9]{1,3}|\*)){3}\z")], float] = Field(
        default={},
        description='Weights by answer, `*` for any octet: `{ "127.0.0.*" = 1.0 }`; empty: `weight` for all.',
    )
    active: bool = Field(default=True, description="Whether it is asked.")
    terms: str = Field(default="", description="A note on what its keeper allows.")


class Tls(Section):
    """The server's certificate. Without one, a certificate signed by an own authority is made in the state directory."""

    certificate: Path | None = Field(default=None, description="Certificate chain, PEM.")
    key: Path | None = Field(default=None, description="Private key, PEM.")
    profile_certificate: Path | None = Field(
        default=None,
        description="Certificate chain, PEM, that signs the profiles for Apple's devices; without one, the own authority's. The server's own may stand here, but then the control center can read its key.",
    )
    profile_key: Path | None = Field(
        default=None, description="Its private key, PEM; the control center must be able to read it."
    )


class Certificates(Section):
    """Certificates for `autoconfig.` and `autodiscover.` before each customer's domain, where mail programs ask for their
    settings. nginx chooses them by the name that a program asks for."""

    source: Literal["own", "acme", "folder", "none"] | None = Field(
        default=None,
        description="Where they come from. `own`: the platform's own authority; `acme`: an authority on the Internet, as Let's Encrypt, whose terms of service you agree to by this; `folder`: you put them into `certificates.folder`; `none`: there are none, and programs go on to their next step. Not set: `own` where the server's certificate is of the own authority too, else `none`.",
    )
    acme_directory: Annotated[
        str, Field(pattern=r"\Ahttps://[A-Za-z0-9.:\[\]-]{1,200}(/[A-Za-z0-9._~/-]{0,200})?\z")
    ] = Field(
        default="https://acme-v02.api.letsencrypt.org/directory",
        description="The ACME directory (RFC 8555) of that authority. It is asked only for names that lead to this platform, and checks them at port 80.",
    )
    acme_contact: Annotated[str, Field(pattern=r"\A([^@\s<>{},]+@[^@\s<>{},]+)?\z")] = Field(
        default="", description="Address where that authority reaches you; told to it when the account is made."
    )
    acme_trust: Path | None = Field(
        default=None,
        description="Authorities (PEM) by which the directory's own certificate is checked; not set: those of the system.",
    )
    folder: Path | None = Field(
        default=None,
        description="Folder that the user `mailcenter-certs` can read, with a file `NAME.pem` (key and certificate chain) for each name, or `_.DOMAIN.pem` with a wildcard for `*.DOMAIN`.",
    )
    look_every: float = Field(
        default=300.0,
        ge=1,
        le=86400,
        description="Seconds between two looks at what stands in the way of a certificate; at a DNS record that is missing for hours, less and less often, up to 32 times as long.",
    )


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

    workers: int = Field(default=2, ge=1, le=64, description="Processes that share the gate's socket.")
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


class Spam(Section):
    """Score thresholds (seed 2)."""

    junk_score: float = Field(default=6.0, description="From this Rspamd score on a mail is delivered into Junk.")
    refuse_score: float = Field(default=9.0, description="From this Rspamd score on a mail is refused.")
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
        description="Reader of mail to this host's postmaster (undeliverable bounces); empty: kept in a mailbox of its own.",
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


class Ledger(Section):
    """The record of every SMTP transaction."""

    retention_days: int = Field(
        default=90, ge=1, le=3650, description="Days after which a day's partition of the ledger is dropped."
    )
    batch: int = Field(default=500, ge=1, le=10000, description="Most records written to the database at once.")


class Web(Section):
    """Control center and REST API."""

    workers: int = Field(default=2, ge=1, le=64, description="Processes of the application server.")
    session_hours: int = Field(
        default=24, ge=1, le=720, description="Hours after which a login of the center ends, however busy it is."
    )
    idle_minutes: Annotated[dict[RoleName, Annotated[int, Field(ge=1, le=1440)]], AfterValidator(_all_roles)] = Field(
        default=IDLE_MINUTES,
        description="Minutes without a click after which a login of the center ends, by role; a role that is not named keeps its own.",
    )
    second_factor_roles: list[RoleName] = Field(
        default_factory=list,
        description="Roles that must have a second factor (authenticator app or passkey): they are led to set one up before anything else works.",
    )
    act_as_customer_roles: list[Literal["operator", "support", "reseller"]] = Field(
        default=["operator", "support", "reseller"],
        description="Roles that may sign in as one of their customers; empty: nobody. Each such visit is in the customer's audit log.",
    )
    public_url: str = Field(
        default="",
        pattern=r"\A(https?://[A-Za-z0-9.:\[\]-]{1,200})?\z",
        description="Where strangers reach the center: SMTP replies link there. Empty: `https://` and `host_name`, with the port unless it is 443.",
    )
    help_url: str = Field(
        default="", description="Address printed in SMTP replies for help; empty: the center's own pages."
    )


class Metrics(Section):
    """Figures of the gate for Prometheus, at `/metrics` of the web server."""

    enabled: bool = Field(default=True, description="Whether they are counted and shown.")
    networks: list[Network] = Field(
        default_factory=lambda: [ip_network("127.0.0.0/8"), ip_network("::1/128")],
        description="Client networks that may read them.",
    )


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
