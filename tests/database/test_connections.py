"""The daemons' connections to PostgreSQL outlive its restart."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import psycopg
import pytest

from mailcenter.serve.following import follow, hear_word
from mailcenter.serve.gate.database import Database
from mailcenter.settings.identities import DATABASE, POSTGRES_PORT
from tests.database.cluster import Cluster

_CONNECTIONS = 4


def test_first_question_after_a_restart_is_answered(cluster: Cluster) -> None:
    """Though all connections of the pool are broken at once."""

    async def talk() -> int:
        database = Database(
            f"host={cluster.paths.postgres_socket_dir} port={POSTGRES_PORT} dbname={DATABASE} user=mc_center",
            timeout=20,
        )
        await database.open()
        try:
            pids = await asyncio.gather(
                *(database.rows("SELECT pg_backend_pid() FROM pg_sleep(1)") for _ in range(_CONNECTIONS))
            )
            before = {pid for ((pid,),) in pids}
            cluster.sql(
                "SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity WHERE usename = 'mc_center'",
                database="postgres",
            )
            [(after,)] = await database.rows("SELECT pg_backend_pid()")
            assert after not in before
        finally:
            await database.close()
        return len(before)

    assert asyncio.run(talk()) == _CONNECTIONS


def test_words_are_heard_and_a_gap_is_told(cluster: Cluster) -> None:
    """By an empty word, at the beginning and after each loss of the connection: what was said meanwhile is lost."""

    async def listen() -> list[str]:
        heard: asyncio.Queue[str] = asyncio.Queue()
        database = Database(
            f"host={cluster.paths.postgres_socket_dir} port={POSTGRES_PORT} dbname={DATABASE} user=mc_center",
            timeout=20,
        )
        database.on_word(heard.put_nowait, "submission_ends")
        await database.open()
        try:
            async with asyncio.timeout(60):
                words = [await heard.get()]
                cluster.sql(
                    "SELECT pg_notify('directory_changed', ''), pg_notify('submission_ends', 'anna@demo.example')"
                )
                words.append(await heard.get())
                cluster.sql(
                    "SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity WHERE usename = 'mc_center'",
                    database="postgres",
                )
                words.append(await heard.get())
        finally:
            await database.close()
        return words

    assert asyncio.run(listen()) == ["", "anna@demo.example", ""]


def test_a_daemon_that_follows_looks_again_after_a_word_and_after_a_loss(cluster: Cluster) -> None:
    """The next look would come after an hour, were there no word."""
    stop, failures, looks = threading.Event(), list[str](), list[int]()

    def look(connection: psycopg.Connection[Any]) -> float:
        looks.append(connection.info.backend_pid)
        if len(looks) == 1:
            cluster.sql("SELECT pg_notify('other', ''), pg_notify('followed', '')")
        elif len(looks) == 2:
            cluster.sql(f"SELECT pg_terminate_backend({looks[0]}, 20000)", database="postgres")
        else:
            stop.set()
            return 0.0
        return 3600.0

    conninfo = f"host={cluster.paths.postgres_socket_dir} port={POSTGRES_PORT} dbname={DATABASE} user=mc_center"
    follow(conninfo, "followed", look, failed=failures.append, stop=stop, longest_pause=1.0)
    assert looks[0] == looks[1] != looks[2]
    assert len(failures) == 1


def test_a_word_is_heard_in_an_event_loop_and_so_is_the_end(cluster: Cluster) -> None:
    """A word that came with the answer to a question as well as one that comes later."""

    async def listen() -> None:
        async with await psycopg.AsyncConnection.connect(
            f"host={cluster.paths.postgres_socket_dir} port={POSTGRES_PORT} dbname={DATABASE} user=mc_center",
            autocommit=True,
        ) as connection:
            await connection.execute("LISTEN bans_changed")
            cluster.sql("SELECT pg_notify('bans_changed', '')")
            await connection.execute("SELECT 1")
            await hear_word(connection, 3600)
            hearing = asyncio.create_task(hear_word(connection, 3600))
            await asyncio.sleep(0)
            cluster.sql("SELECT pg_notify('bans_changed', '')")
            await hearing
            await hear_word(connection, 0.01)
            cluster.sql(
                "SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity WHERE usename = 'mc_center'",
                database="postgres",
            )
            with pytest.raises(psycopg.OperationalError):
                await hear_word(connection, 3600)

    asyncio.run(asyncio.wait_for(listen(), 120))
