"""Bring the database and the built files of our own parts in line with the code."""

from __future__ import annotations

import os
from pathlib import Path

import django
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

import mailcenter
from mailcenter.engines.checker import run


def migrate() -> int:
    """Apply the migrations that are missing, as the schema's owner; gives how many there were."""
    _set_up()
    connection = connections[DEFAULT_DB_ALIAS]
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            call_command("migrate", interactive=False, verbosity=0)
        return len(plan)
    finally:
        connection.close()


def collect_static() -> None:
    """Copy the center's static files, those that changed, to where nginx serves them."""
    _set_up()
    umask = os.umask(0o022)
    try:
        call_command("collectstatic", interactive=False, verbosity=0)
    finally:
        os.umask(umask)


def compile_messages() -> int:
    """Compile the translations whose source is newer; gives how many there were."""
    stale = [
        source
        for source in Path(mailcenter.__file__).parent.rglob("*.po")
        if not source.with_suffix(".mo").exists() or source.with_suffix(".mo").stat().st_mtime < source.stat().st_mtime
    ]
    for source in stale:
        compiled = source.with_suffix(".mo")
        run(
            ["msgfmt", "--check-format", f"--output-file={compiled}", str(source)], failure=f"{source} does not compile"
        )
    return len(stale)


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mailcenter.settings.django")
    django.setup()
