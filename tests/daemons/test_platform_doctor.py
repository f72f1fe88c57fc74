"""`doctor` on a running platform."""

from __future__ import annotations

import json
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mailcenter.engines.doctor import postmaster
from mailcenter.settings.demo import demo_toml
from tests.harness.platform import Platform
from tests.harness.ports import free_ports


def _findings(platform: Platform) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(platform.mailcenter("doctor", "--json", check=False).stdout)
    return found


@pytest.fixture
def second() -> Iterator[Platform]:
    """A state that was never started."""
    with tempfile.TemporaryDirectory(prefix="mc-second-") as name:
        state = Path(name)
        state.chmod(0o755)
        names = ["smtp", "submission", "submissions", "imap", "imaps", "pop3", "pop3s", "sieve", "http", "https"]
        *ports, dns_port, guard_port = free_ports(len(names) + 2)
        config = state / "mailcenter.toml"
        text = demo_toml(state, ports=dict(zip(names, ports, strict=True)), dns_port=dns_port, guard_port=guard_port)
        config.write_text(text)
        yield Platform(config)


def test_a_healthy_platform_has_no_findings(platform: Platform) -> None:
    platform.mailcenter("up")
    examined = platform.mailcenter("doctor")
    assert all(line.startswith("ok ") for line in examined.stdout.splitlines())
    assert _findings(platform) == []


def test_a_file_changed_by_hand_is_named_and_mended(platform: Platform) -> None:
    file = platform.paths.etc("unbound") / "unbound.conf"
    file.write_text(file.read_text() + "\nserver:\n    no-such-option: yes\n")
    try:
        found = {one["check"]: one for one in _findings(platform)}
        assert found["changed files"]["problem"] == f"{file} is not as it was rendered"
        assert "no-such-option" in found["configuration"]["problem"]
        assert all(one["remedy"] for one in found.values())
    finally:
        platform.mailcenter("up")
    assert _findings(platform) == []


@pytest.mark.parametrize("service", ["smtp", "https"])
def test_a_taken_port_stops_the_start_and_names_the_process(second: Platform, service: str) -> None:
    port = getattr(second.settings.listen, service)
    with socket.create_server(("127.0.0.1", port)):
        refused = second.mailcenter("up", check=False)
        found = [one for one in _findings(second) if one["check"] == "ports"]
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"error: tcp port {port} on 127.0.0.1 (listen.{service}) is taken by process ")
    assert refused.stderr.count("\n") == 1
    assert [one["problem"] for one in found] == [refused.stderr.removeprefix("error: ").partition("; ")[0]]
    assert not second.paths.data("postgres").exists()


def test_a_running_platforms_ports_are_not_taken_by_itself(platform: Platform, second: Platform) -> None:
    text = second.config.read_text()
    own, others = second.settings.listen.imap, platform.settings.listen.imap
    second.config.write_text(text.replace(f"imap = {own}", f"imap = {others}"))
    problems = [one["problem"] for one in _findings(second) if one["check"] == "ports"]
    assert len(problems) == 1
    assert "dovecot" in problems[0]
    assert [one for one in _findings(platform) if one["check"] == "ports"] == []


def test_a_postmaster_that_leads_back_to_himself_is_told(platform: Platform) -> None:
    def found(reader: str) -> list[str]:
        mail = platform.settings.mail.model_copy(update={"postmaster": reader})
        return [one.problem for one in postmaster.check(platform.settings.model_copy(update={"mail": mail}))]

    made = platform.logins["alice"]["login"]
    for nobody, outcome in {
        "Postmaster@demo.example": "is put off",
        "abuse+x@demo.example": "is put off",
        "nobody-made-me@demo.example": "comes back as a bounce",
    }.items():
        (problem,) = found(nobody)
        assert f"{nobody}, which nobody has made" in problem
        assert problem.endswith(outcome)
    assert found(made) == found(made.replace("@", "+x@")) == []
    assert found("postmaster@elsewhere.example") == []
