"""Loaded by pytest before Django's settings: gives this test run a configuration and a state directory of its own.

`MAILCENTER_TEST_CONFIG` names the configuration of a running platform to be used instead (quicker while developing).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from mailcenter.settings.demo import demo_toml
from mailcenter.settings.load import CONFIG_VARIABLE
from tests.harness.ports import free_ports

OWN_PLATFORM = "MAILCENTER_TEST_CONFIG" not in os.environ


def _configure() -> Path:
    if not OWN_PLATFORM:
        return Path(os.environ["MAILCENTER_TEST_CONFIG"])
    state = Path(tempfile.mkdtemp(prefix="mc-test-"))
    state.chmod(0o755)
    names = ["smtp", "submission", "submissions", "imap", "imaps", "pop3", "pop3s", "sieve", "http", "https"]
    *ports, dns_port, guard_port, remote_port = free_ports(len(names) + 3)
    config = state / "mailcenter.toml"
    routes = f'\n[smtp.routes]\n"remote.example" = "127.0.0.1:{remote_port}"\n'
    workers = "\n[gate]\nworkers = 2\n"  # more than one, whatever the machine: they must agree
    config.write_text(
        demo_toml(state, ports=dict(zip(names, ports, strict=True)), dns_port=dns_port, guard_port=guard_port)
        + routes
        + workers
    )
    return config


CONFIG = _configure()
os.environ[CONFIG_VARIABLE] = str(CONFIG)


def pytest_unconfigure(config: pytest.Config) -> None:
    if OWN_PLATFORM and not os.environ.get("MAILCENTER_TEST_KEEP"):
        shutil.rmtree(CONFIG.parent, ignore_errors=True)
