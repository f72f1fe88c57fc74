"""Where everything lies below the state directory: one place, so that no daemon's folder guesses another's paths."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SOCKET_PATH_BYTES = 107  # sun_path of Linux holds 108 bytes with the closing NUL
LONGEST_SOCKET = "run/supervisor/supervisor.sock.12345678"


@dataclass(frozen=True)
class Paths:
    """Absolute paths of one state directory.

    `run/DAEMON/` holds sockets and pid files, `etc/DAEMON/` rendered configuration, `data/DAEMON/` what must be kept,
    `log/` one file per daemon, `secrets/` keys readable by root and their daemon only.
    """

    state: Path

    def etc(self, daemon: str) -> Path:
        return self.state / "etc" / daemon

    def run(self, daemon: str) -> Path:
        return self.state / "run" / daemon

    def data(self, daemon: str) -> Path:
        return self.state / "data" / daemon

    def log(self, daemon: str) -> Path:
        return self.state / "log" / f"{daemon}.log"

    @property
    def secrets(self) -> Path:
        return self.state / "secrets"

    @property
    def mail(self) -> Path:
        """Mailboxes: `mail/STORE/…`, owned by the mail user."""
        return self.state / "mail"

    @property
    def static(self) -> Path:
        """Collected static files of the center."""
        return self.state / "static"

    @property
    def gate_socket(self) -> Path:
        return self.run("gate") / "gate.sock"

    @property
    def gate_control_socket(self) -> Path:
        """Where the gate explains what it would do with a mail, to root and the center."""
        return self.run("gate-control") / "control.sock"

    @property
    def metrics_socket(self) -> Path:
        """Where nginx asks the gate for its figures."""
        return self.run("gate-metrics") / "metrics.sock"

    @property
    def metrics_folder(self) -> Path:
        """The workers' figures."""
        return self.run("gate-figures")

    @property
    def gate_scratch(self) -> Path:
        """Where the gate puts a message for a scanner that wants a file."""
        return self.data("gate")

    @property
    def guard_socket(self) -> Path:
        """Where the center and operators ask the guard."""
        return self.run("guard") / "guard.sock"

    @property
    def guard_key(self) -> Path:
        """What Dovecot proves itself with to the guard."""
        return self.secrets / "guard.key"

    @property
    def guard_for_dovecot(self) -> Path:
        """The part of Dovecot's configuration that holds this key."""
        return self.secrets / "guard-dovecot.conf"

    @property
    def logins_socket(self) -> Path:
        """Where Dovecot asks whether a password is right."""
        return self.run("logins") / "logins.sock"

    @property
    def anvil_for_logins(self) -> Path:
        """Where the logins daemon asks it."""
        return self.run("dovecot") / "anvil-logins"

    @property
    def session_reads(self) -> Path:
        """How much each session's process has read, as the watch writes it down."""
        return self.run("session-reads") / "reads"

    @property
    def rspamd_socket(self) -> Path:
        return self.run("rspamd") / "scan.sock"

    @property
    def rspamd_controller_socket(self) -> Path:
        return self.run("rspamd") / "controller.sock"

    @property
    def clamd_socket(self) -> Path:
        return self.run("clamd") / "clamd.sock"

    @property
    def redis_socket(self) -> Path:
        return self.run("redis") / "redis.sock"

    @property
    def deny_list(self) -> Path:
        """Networks that postscreen turns away, a CIDR table."""
        return self.run("bans") / "banned.cidr"

    @property
    def deny_list_mark(self) -> Path:
        """An empty table of Berkeley DB; where it changes, postscreen reads its tables anew."""
        return self.run("bans") / "changed.db"

    @property
    def domain_table(self) -> Path:
        """Our domains, of which `postmap` makes the table beside it (`.lmdb`)."""
        return self.run("domains") / "domains"

    @property
    def redis_password(self) -> Path:
        """The gate's password at Redis."""
        return self.secrets / "redis-gate.key"

    @property
    def guard_redis_password(self) -> Path:
        """The guard's password at Redis."""
        return self.secrets / "redis-guard.key"

    @property
    def redis_users(self) -> Path:
        """Who may do what in Redis, with the digests of those passwords."""
        return self.secrets / "redis.acl"

    def training_socket(self, kind: str) -> Path:
        """Where Dovecot's mail processes hand over what was moved; `kind` is spam or ham."""
        return self.run("training") / f"learn-{kind}"

    @property
    def postgres_socket_dir(self) -> Path:
        return self.run("postgres")

    @property
    def lmtp_socket(self) -> Path:
        return self.run("dovecot") / "lmtp"

    @property
    def mailbox_submit_socket(self) -> Path:
        """Where Postfix takes mail that the platform itself makes: redirects, replies, notices."""
        return self.data("postfix-queue") / "public" / "mailbox-submit"

    @property
    def anvil_socket(self) -> Path:
        """Where Dovecot tells which process serves whom."""
        return self.run("dovecot") / "anvil"

    @property
    def sasl_socket(self) -> Path:
        return self.run("dovecot") / "auth-postfix"

    @property
    def center_socket(self) -> Path:
        return self.run("center") / "center.sock"

    @property
    def status(self) -> Path:
        """What the program `watch` last saw of all programs, for the center, which may not ask the supervisor."""
        return self.run("watch") / "status.json"

    @property
    def ledger_spool(self) -> Path:
        """Where the gate's workers append records and the ledger daemon takes them from."""
        return self.state / "spool" / "ledger"

    @property
    def demo_logins(self) -> Path:
        return self.secrets / "demo-logins.json"

    @property
    def ca_certificate(self) -> Path:
        """The own authority's certificate, to be trusted by demo and test clients."""
        return self.state / "tls" / "ca.pem"

    @property
    def ca_key(self) -> Path:
        return self.secrets / "ca.key"

    @property
    def customer_certificates(self) -> Path:
        """Key and certificate of each customer's name, `NAME.pem`, where nginx looks for them."""
        return self.data("certificates") / "names"

    @property
    def customer_certificate_states(self) -> Path:
        """How it is with the certificate of each customer's name, `NAME.json`, for the center and the doctor."""
        return self.data("certificates") / "states"

    @property
    def acme_account_key(self) -> Path:
        return self.data("certificates") / "account.key"

    @property
    def acme_challenges(self) -> Path:
        """What nginx answers an ACME authority with (RFC 8555 section 8.3)."""
        return self.run("certificates") / "challenges"

    @property
    def certificate(self) -> Path:
        return self.state / "tls" / "server.pem"

    @property
    def key(self) -> Path:
        return self.secrets / "server.key"

    @property
    def profile_certificate(self) -> Path:
        """What signs the profiles for Apple's devices, unless the settings name another."""
        return self.state / "tls" / "profile.pem"

    @property
    def profile_key(self) -> Path:
        return self.secrets / "profile.key"
