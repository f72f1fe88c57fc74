"""A PostgreSQL of a test's own with the ledger's tables, that can be killed without disturbing anything else."""

from __future__ import annotations

import importlib
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.db.migrations.operations import RunSQL

from mailcenter import directory
from mailcenter.ledger import migrations
from mailcenter.settings.demo import demo_toml
from mailcenter.settings.identities import DATABASE, POSTGRES_PORT
from mailcenter.settings.load import CONFIG_VARIABLE, load, paths
from mailcenter.settings.model import Settings
from mailcenter.settings.paths import Paths
from tests.harness.wait import until

_BIN = Path("/usr/lib/postgresql/15/bin")
_ROLES = ("mc_owner", "mc_ledger", "mc_notices", "mc_center")


@dataclass
class Cluster:
    """A state directory with the database, the spool, and the logs that a follower of these settings reads."""

    state: Path
    _server: subprocess.Popen[bytes] | None = None
    _followers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def config(self) -> Path:
        return self.state / "mailcenter.toml"

    @property
    def settings(self) -> Settings:
        return load(self.config)

    @property
    def paths(self) -> Paths:
        return paths(self.settings)

    def create(self) -> None:
        """Make the cluster, roles and tables, and the empty folders and logs."""
        self.config.write_text(demo_toml(self.state))
        user = pwd.getpwnam("postgres")
        for folder in (self.state, self.state / "pg", self.paths.postgres_socket_dir):
            folder.mkdir(parents=True, exist_ok=True)
            os.chown(folder, user.pw_uid, user.pw_gid)
        self._as_postgres(
            [str(_BIN / "initdb"), "-D", str(self.state / "pg"), "-A", "trust", "-E", "UTF8", "--no-sync"]
        )
        self.start()
        for role in _ROLES:
            bypass = "BYPASSRLS" if role == "mc_ledger" else "NOBYPASSRLS"
            self.sql(f"CREATE ROLE {role} LOGIN {bypass}", database="postgres")
        self.sql(f"CREATE DATABASE {DATABASE} OWNER mc_owner", database="postgres")
        self.sql("ALTER SCHEMA public OWNER TO mc_owner")
        for statement in _statements():
            self.sql(statement, role="mc_owner")
        self.paths.ledger_spool.mkdir(parents=True)
        self.paths.run("ledger").mkdir(parents=True)
        self.paths.log("postfix").parent.mkdir(parents=True)

    def empty(self) -> None:
        """Take away all rows and files, as if the platform had just been set up."""
        self.sql(
            "TRUNCATE ledger_transaction, ledger_recipient, ledger_event, ledger_queue, ledger_waiting, ledger_source,"
            " ledger_notice_wanted, ledger_notice"
        )
        for path in (*self.paths.ledger_spool.rglob("*.jsonl"), *self.paths.log("x").parent.iterdir()):
            path.unlink()

    def start(self) -> None:
        """Start PostgreSQL and wait until it answers."""
        command = ["postgres", "-D", "pg", "-c", "listen_addresses=", "-c", "fsync=off"]
        command += ["-k", str(self.paths.postgres_socket_dir)]
        with (self.state / "postgres.log").open("ab") as log:
            self._server = subprocess.Popen(
                [str(_BIN / command[0]), *command[1:]],
                cwd=self.state,
                user="postgres",
                group="postgres",
                extra_groups=[],
                stdout=log,
                stderr=log,
            )
        until(self._answers, "PostgreSQL to answer")

    def kill(self) -> None:
        """End PostgreSQL as a power cut would, and wait until nothing of it runs."""
        assert self._server
        self._server.kill()
        self._server.wait()
        # Its children notice that it is gone, but may take a moment to end and give up the shared memory.
        for child in subprocess.run(
            ["pgrep", "-f", f"^postgres: |{self.state}/pg"], capture_output=True, text=True, check=False
        ).stdout.split():
            if Path(f"/proc/{child}/cwd").resolve() == self.state / "pg":
                with suppress(ProcessLookupError):
                    os.kill(int(child), signal.SIGKILL)
        (self.state / "pg" / "postmaster.pid").unlink(missing_ok=True)

    def stop_followers(self) -> None:
        for follower in self._followers:
            follower.kill()
            follower.wait()
        self._followers.clear()

    def stop(self) -> None:
        self.stop_followers()
        if self._server:
            self._server.send_signal(signal.SIGINT)
            self._server.wait(timeout=20)

    def follow(self) -> subprocess.Popen[bytes]:
        """The ledger daemon as a process of its own."""
        follower = subprocess.Popen(
            [sys.executable, "-m", "mailcenter.run.ledger"],
            env={**os.environ, CONFIG_VARIABLE: str(self.config)},
        )
        self._followers.append(follower)
        return follower

    def sql(
        self, statement: str, parameters: Sequence[Any] = (), *, role: str = "postgres", database: str = DATABASE
    ) -> list[tuple[Any, ...]]:
        """Run a statement as a role and give its rows."""
        with self.connect(role, database) as connection:
            found = connection.execute(statement.encode(), parameters or None)
            return found.fetchall() if found.description else []

    def connect(self, role: str = "postgres", database: str = DATABASE) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(
            host=str(self.paths.postgres_socket_dir), port=POSTGRES_PORT, dbname=database, user=role, autocommit=True
        )

    def _answers(self) -> bool:
        try:
            self.connect(database="postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _as_postgres(self, command: list[str]) -> None:
        done = subprocess.run(
            command, user="postgres", group="postgres", extra_groups=[], capture_output=True, cwd="/", check=False
        )
        assert done.returncode == 0, done.stderr.decode()


def _statements() -> Iterator[str]:
    """All SQL of the ledger's migrations, in their order, behind what they take from the directory's."""
    yield "CREATE SCHEMA engine"
    yield (Path(directory.__file__).parent / "sql" / "acting.sql").read_text("utf-8")
    for path in sorted(Path(migrations.__path__[0]).glob("[0-9]*.py")):
        migration = importlib.import_module(f"{migrations.__name__}.{path.stem}").Migration
        for operation in migration.operations:
            if isinstance(operation, RunSQL):
                yield str(operation.sql)
