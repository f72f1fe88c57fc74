"""What engines answer when they are asked for their health, and nobody is there, or somebody strange."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dns.rcode import Rcode

from mailcenter.engines.base import Engine, Program
from mailcenter.engines.doctor import names
from mailcenter.engines.ledger import ENGINE as LEDGER
from mailcenter.engines.notices import ENGINE as NOTICES
from mailcenter.engines.platform.health import health_of, wait_until_running
from mailcenter.engines.supervisor import processes
from mailcenter.engines.supervisor.client import Process, Supervisor
from mailcenter.engines.table import ENGINES
from mailcenter.engines.training import ENGINE as TRAINING
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings
from tests.harness.name_server import answers_once

_WITH_SOCKET = ("redis", "clamd", "rspamd", "gate", "center")


@contextmanager
def _answering(path: Path, answer: bytes) -> Iterator[None]:
    """A unix socket that gives everybody the same answer."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def serve() -> None:
            client, _ = server.accept()
            with client:
                client.recv(4096)
                client.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield
        thread.join(5)


def _sockets(settings: Settings) -> dict[str, Path]:
    place = paths(settings)
    return {
        "redis": place.redis_socket,
        "clamd": place.clamd_socket,
        "rspamd": place.rspamd_socket,
        "gate": place.gate_socket,
        "center": place.center_socket,
    }


@pytest.mark.parametrize("engine", ENGINES, ids=[engine.name for engine in ENGINES])
def test_a_dead_daemon_is_ill_with_a_reason_and_a_remedy(engine: Engine, demo: Settings) -> None:
    begun = time.monotonic()
    answer = health_of(demo, [engine])[engine.name]
    assert time.monotonic() - begun < 4
    if engine.name in {"freshclam", "logrotate"}:  # off in a demo; no log is too long before the first start
        assert answer.ok
        return
    assert not answer.ok
    assert answer.detail
    assert answer.remedy


@pytest.mark.parametrize("name", _WITH_SOCKET)
def test_a_strange_answer_is_no_health(name: str, demo: Settings) -> None:
    engine = next(engine for engine in ENGINES if engine.name == name)
    with _answering(_sockets(demo)[name], b"HTTP/1.0 503 Sorry\r\n\r\n"):
        answer = engine.health(demo)
    assert not answer.ok
    assert answer.remedy


@pytest.mark.parametrize(
    ("content", "age", "ok", "detail"),
    [
        ({"lag_bytes": 7, "error": ""}, 0, True, "7 bytes behind"),
        ({"lag_bytes": 7, "error": ""}, 60, False, "no heartbeat for 60 seconds"),
        ({"lag_bytes": 7, "error": "PostgreSQL is away"}, 0, False, "PostgreSQL is away"),
        ({"lag_bytes": 2**30, "error": ""}, 0, False, "is 1024 MB behind"),
        ({"error": ""}, 0, False, "cannot be read"),
        ("torn", 0, False, "cannot be read"),
    ],
)
def test_the_ledgers_heartbeat(content: object, age: int, ok: bool, detail: str, demo: Settings) -> None:
    heartbeat = paths(demo).run("ledger") / "heartbeat"
    heartbeat.parent.mkdir(parents=True)
    heartbeat.write_text(json.dumps(content))
    now = time.time()
    os.utime(heartbeat, (now - age, now - age))
    answer = LEDGER.health(demo)
    assert answer.ok is ok
    assert detail in answer.detail


@pytest.mark.parametrize(
    ("content", "age", "ok", "detail"),
    [
        ({"error": "", "waiting": 3}, 0, True, "3 messages wait"),
        ({"error": "", "waiting": 0}, 90, False, "no heartbeat for 90 seconds"),
        ({"error": "Rspamd does not learn: x", "waiting": 3}, 0, False, "Rspamd does not learn: x; 3 messages wait"),
        ({"error": ""}, 0, False, "cannot be read"),
    ],
)
def test_the_heartbeat_of_training(content: object, age: int, ok: bool, detail: str, demo: Settings) -> None:
    heartbeat = paths(demo).run("training") / "heartbeat"
    heartbeat.parent.mkdir(parents=True)
    assert TRAINING.health(demo).detail == "has not begun"
    heartbeat.write_text(json.dumps(content))
    now = time.time()
    os.utime(heartbeat, (now - age, now - age))
    answer = TRAINING.health(demo)
    assert answer.ok is ok
    assert detail in answer.detail


def test_training_switched_off(demo: Settings) -> None:
    off = demo.model_copy(update={"spam": demo.spam.model_copy(update={"training": False})})
    assert TRAINING.health(off).detail == "off (spam.training)"
    assert TRAINING.programs(off) == []


@pytest.mark.parametrize(
    ("content", "age", "ok", "detail"),
    [
        ({"error": ""}, 0, True, "nothing waits for long"),
        ({"error": ""}, 90, False, "no heartbeat for 90 seconds"),
        ({"error": "Postfix is away"}, 0, False, "Postfix is away"),
        ({}, 0, False, "cannot be read"),
    ],
)
def test_the_heartbeat_of_notices(content: object, age: int, ok: bool, detail: str, demo: Settings) -> None:
    heartbeat = paths(demo).run("notices") / "heartbeat"
    heartbeat.parent.mkdir(parents=True)
    assert NOTICES.health(demo).detail == "has not begun"
    heartbeat.write_text(json.dumps(content))
    now = time.time()
    os.utime(heartbeat, (now - age, now - age))
    answer = NOTICES.health(demo)
    assert answer.ok is ok
    assert detail in answer.detail


@pytest.mark.parametrize(
    ("code", "records", "words"),
    [
        (Rcode.NOERROR, 13, ""),
        (Rcode.SERVFAIL, 0, "finds no root name servers (SERVFAIL)"),
        (Rcode.NOERROR, 0, "finds no root name servers"),
    ],
    ids=["answers", "server failure", "nothing"],
)
def test_dead_dns(code: Rcode, records: int, words: str, server: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "running_pid", lambda settings: os.getpid())
    dns = server.dns.model_copy(update={"address": "127.0.0.1", "port": answers_once(code, records)})
    found = names.check(server.model_copy(update={"dns": dns}))
    assert [words in one.problem for one in found] == ([True] if words else [])
    assert all("dns.forwarders" in one.remedy for one in found)


def test_a_dead_resolver(server: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "running_pid", lambda settings: os.getpid())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
    dns = server.dns.model_copy(update={"address": "127.0.0.1", "port": port})
    found = names.check(server.model_copy(update={"dns": dns}))
    assert "does not answer" in found[0].problem


def test_offline_the_world_is_not_asked(demo: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "running_pid", lambda settings: os.getpid())
    assert names.check(demo) == []


def _supervised(monkeypatch: pytest.MonkeyPatch, *states: dict[str, str]) -> None:
    """What the supervisor says, one time after the other; the last for ever."""
    said = list(states)

    def processes(_: Supervisor) -> dict[str, Process]:
        now = said.pop(0) if len(said) > 1 else said[0]
        return {name: Process(name, state, 0, 0, "") for name, state in now.items()}

    monkeypatch.setattr(Supervisor, "processes", processes)


def _programs(settings: Settings, name: str) -> list[Program]:
    return next(engine for engine in ENGINES if engine.name == name).programs(settings)


def test_programs_are_waited_for(demo: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    _supervised(monkeypatch, {"clamd": "STARTING"}, {"clamd": "BACKOFF"}, {"clamd": "RUNNING", "other": "FATAL"})
    assert wait_until_running(demo, _programs(demo, "clamd"), seconds=30) == []


@pytest.mark.parametrize("said", [{"clamd": "STARTING"}, {"clamd": "FATAL"}, {"other": "RUNNING"}])
def test_a_program_that_does_not_stay_is_named(
    said: dict[str, str], demo: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _supervised(monkeypatch, said)
    assert wait_until_running(demo, _programs(demo, "clamd"), seconds=0) == ["clamd"]
