"""Make the database cluster, and in it the roles and the database; all of it harmless when done before."""

from __future__ import annotations

import hashlib
import shutil

from mailcenter.engines.base import EngineError
from mailcenter.engines.checker import run
from mailcenter.engines.template import render
from mailcenter.settings.identities import (
    CENTER_ROLE,
    DATABASE,
    LEDGER_USER,
    LOGINS_USER,
    OWNER_ROLE,
    PLATFORM_ROLE,
    POSTGRES_PORT,
    ROLE_OF_USER,
    TENANT_ROLE,
)
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

SERVER = "/usr/lib/postgresql/15/bin"
SUPERUSER = "postgres"
_PREPARING_PORT = POSTGRES_PORT + 1
"""Names the socket of the server that runs only while the roles are made, so that nobody else finds it."""


def ensure_cluster(settings: Settings) -> None:
    """Make the cluster where there is none.

    Raises:
        EngineError: initdb failed; what it began is removed, so that the next try starts afresh.
    """
    data = paths(settings).data("postgres")
    if (data / "PG_VERSION").exists():
        return
    if any(data.iterdir()):
        raise EngineError(f"{data} holds files but no database", "move them away, or bring back the whole directory")
    try:
        run(
            [
                f"{SERVER}/initdb",
                f"--pgdata={data}",
                f"--username={SUPERUSER}",
                "--encoding=UTF8",
                # The same order of texts on every machine and after every upgrade of the C library.
                "--locale=C.UTF-8",
                "--auth=peer",
                "--data-checksums",
            ],
            user=SUPERUSER,
            failure="the database cluster cannot be made",
            timeout=120,
        )
    except BaseException:  # an interrupt, too: what has PG_VERSION would be taken for whole
        for entry in data.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        raise


def ensure_roles(settings: Settings) -> None:
    """Make roles and database as `roles.sql.j2` says, when that has changed since the last time.

    Raises:
        EngineError: PostgreSQL refuses, in its words.
    """
    script = render(
        __file__,
        "roles.sql.j2",
        settings,
        database=DATABASE,
        owner=OWNER_ROLE,
        roles=sorted(set(ROLE_OF_USER.values())),
        center=CENTER_ROLE,
        ledger=ROLE_OF_USER[LEDGER_USER],
        tenant=TENANT_ROLE,
        platform=PLATFORM_ROLE,
        mail_roles=[ROLE_OF_USER[user] for user in ("postfix", "dovecot", LOGINS_USER)],
    )
    digest = hashlib.sha256(script.encode()).hexdigest()
    stamp = paths(settings).data("postgres") / "mailcenter-roles.sha256"
    if stamp.exists() and stamp.read_text().strip() == digest:
        return
    if socket_answers(settings):
        _run_script(settings, script, POSTGRES_PORT)
    else:
        _start_for_preparing(settings)
        try:
            _run_script(settings, script, _PREPARING_PORT)
        finally:
            _pg_ctl(settings, "stop", "-m", "fast")
    stamp.write_text(f"{digest}\n")


def socket_answers(settings: Settings) -> bool:
    """Whether the supervised server takes connections."""
    try:
        run(
            [f"{SERVER}/pg_isready", "-q", "-h", str(paths(settings).postgres_socket_dir), "-p", str(POSTGRES_PORT)],
            failure="not ready",
            timeout=5,
        )
    except EngineError:
        return False
    return True


def _start_for_preparing(settings: Settings) -> None:
    sockets = paths(settings).postgres_socket_dir
    options = f"-c listen_addresses='' -c port={_PREPARING_PORT} -c unix_socket_directories={sockets}"
    log = paths(settings).data("postgres") / "preparing.log"
    _pg_ctl(settings, "start", "-w", "-l", str(log), "-o", options)


def _pg_ctl(settings: Settings, *arguments: str) -> None:
    run(
        [f"{SERVER}/pg_ctl", "-s", "-D", str(paths(settings).data("postgres")), *arguments],
        user=SUPERUSER,
        failure=f"PostgreSQL does not {arguments[0]} to make the roles",
        timeout=120,
    )


def _run_script(settings: Settings, script: str, port: int) -> None:
    run(
        [
            f"{SERVER}/psql",
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            str(paths(settings).postgres_socket_dir),
            "-p",
            str(port),
            "-f",
            "-",
            "postgres",
        ],
        user=SUPERUSER,
        failure="the database roles cannot be made",
        stdin=script,
    )
