"""PostgreSQL 15: the system of record. No network port; everybody logs in as the operating-system user he is."""

from __future__ import annotations

import os

import psycopg

from mailcenter.engines.base import Directory, EngineError, Health, Program, RenderedFile
from mailcenter.engines.checker import run
from mailcenter.engines.plain import HEALTH_SECONDS, PlainEngine
from mailcenter.engines.postgres.cluster import SERVER, SUPERUSER, ensure_cluster, ensure_roles, socket_answers
from mailcenter.engines.supervisor.client import Supervisor
from mailcenter.engines.template import render
from mailcenter.settings.identities import DATABASE, OWNER_ROLE, POSTGRES_PORT, ROLE_OF_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_DEMO_BUFFERS = 128 * 2**20
_MOST_BUFFERS = 4 * 2**30


class Postgres(PlainEngine):
    name = "postgres"
    packages: tuple[str, ...] = ("postgresql-15", "postgresql-client-15")

    def directories(self, settings: Settings) -> list[Directory]:
        place = paths(settings)
        return [
            Directory(place.etc(self.name)),
            Directory(place.data(self.name), mode=0o700, owner=SUPERUSER, group=SUPERUSER),
            # Everybody may come to the socket; pg_hba.conf and pg_ident.conf decide who is let in.
            Directory(place.postgres_socket_dir, mode=0o755, owner=SUPERUSER, group=SUPERUSER),
        ]

    def render(self, settings: Settings) -> list[RenderedFile]:
        etc = paths(settings).etc(self.name)
        values = {
            "port": POSTGRES_PORT,
            "shared_buffers": _shared_buffers(settings) // 2**20,
            "roles": [("postgres", OWNER_ROLE), *ROLE_OF_USER.items()],
            "superuser": SUPERUSER,
        }
        return [
            RenderedFile(etc / name, render(__file__, f"{name}.j2", settings, **values))
            for name in ("postgresql.conf", "pg_hba.conf", "pg_ident.conf")
        ]

    def prepare(self, settings: Settings) -> None:
        ensure_cluster(settings)
        ensure_roles(settings)

    def check(self, settings: Settings) -> None:
        run(
            self._command(settings, "-C", "config_file"), user=SUPERUSER, failure="PostgreSQL refuses its configuration"
        )

    def programs(self, settings: Settings) -> list[Program]:
        return [
            Program(
                self.name,
                self._command(settings),
                user=SUPERUSER,
                priority=10,
                # SIGTERM would wait for every client to leave.
                stop_signal="INT",
                stop_seconds=60,
            )
        ]

    def reload(self, settings: Settings) -> None:
        if not socket_answers(settings):
            return
        data = paths(settings).data(self.name)
        run([f"{SERVER}/pg_ctl", "-s", "-D", str(data), "reload"], user=SUPERUSER, failure="PostgreSQL does not reload")
        with _connection(settings, "postgres", SUPERUSER) as connection:
            wrong = connection.execute(
                "SELECT line_number, error FROM pg_hba_file_rules WHERE error IS NOT NULL"
            ).fetchone()
            if wrong:
                raise EngineError(f"PostgreSQL refuses pg_hba.conf, line {wrong[0]}: {wrong[1]}")
            late = connection.execute("SELECT count(*) FROM pg_settings WHERE pending_restart").fetchone()
        if late and late[0]:
            Supervisor(settings).restart(self.name)

    def health(self, settings: Settings) -> Health:
        try:
            with _connection(settings, DATABASE, OWNER_ROLE) as connection:
                row = connection.execute(
                    "SELECT pg_stat_get_db_numbackends(oid) FROM pg_database WHERE datname = current_database()"
                ).fetchone()
        except psycopg.Error as error:
            return Health(False, f"does not answer: {_first_line(error)}", f"read {paths(settings).log(self.name)}")
        return Health(True, f"{row[0] if row else 0} connections")

    def _command(self, settings: Settings, *more: str) -> tuple[str, ...]:
        place = paths(settings)
        configuration = place.etc(self.name) / "postgresql.conf"
        return (f"{SERVER}/postgres", "-D", str(place.data(self.name)), f"--config-file={configuration}", *more)


def _connection(settings: Settings, database: str, role: str) -> psycopg.Connection[tuple[int, str]]:
    return psycopg.connect(
        host=str(paths(settings).postgres_socket_dir),
        port=POSTGRES_PORT,
        dbname=database,
        user=role,
        connect_timeout=int(HEALTH_SECONDS),
        autocommit=True,
    )


def _first_line(error: psycopg.Error) -> str:
    return str(error).strip().partition("\n")[0]


def _shared_buffers(settings: Settings) -> int:
    """An eighth of the memory: the mail daemons and clamd want theirs too. Bytes, whole megabytes."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    wanted = _DEMO_BUFFERS if settings.demo else max(_DEMO_BUFFERS, min(memory // 8, _MOST_BUFFERS))
    return wanted - wanted % 2**20


ENGINE = Postgres()
