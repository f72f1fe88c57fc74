"""All engines, in the order in which they are prepared, checked and shown."""

from __future__ import annotations

from mailcenter.engines import (
    bans,
    center,
    certificates,
    clamd,
    domains,
    dovecot,
    freshclam,
    gate,
    guard,
    ledger,
    logins,
    logrotate,
    nginx,
    notices,
    postfix,
    postgres,
    redis,
    rspamd,
    tls,
    training,
    unbound,
    watch,
)
from mailcenter.engines.base import Engine, Program
from mailcenter.settings.model import Settings

ENGINES: tuple[Engine, ...] = (
    tls.ENGINE,
    postgres.ENGINE,
    redis.ENGINE,
    unbound.ENGINE,
    clamd.ENGINE,
    freshclam.ENGINE,
    rspamd.ENGINE,
    training.ENGINE,
    gate.ENGINE,
    bans.ENGINE,
    domains.ENGINE,
    guard.ENGINE,
    logins.ENGINE,
    ledger.ENGINE,
    notices.ENGINE,
    certificates.ENGINE,
    center.ENGINE,
    dovecot.ENGINE,
    postfix.ENGINE,
    nginx.ENGINE,
    logrotate.ENGINE,
    watch.ENGINE,
)


def programs(settings: Settings) -> list[Program]:
    """Every process of the platform, the first to start first."""
    found = [program for engine in ENGINES for program in engine.programs(settings)]
    return sorted(found, key=lambda program: program.priority)
