"""`up`, `status`, `info`: everything healthy, nothing restarted without need, only what has changed restarted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dns.rdatatype import RdataType

from mailcenter.engines.table import ENGINES, programs
from mailcenter.engines.unbound.question import ask
from mailcenter.settings.load import CONFIG_VARIABLE
from tests.harness.platform import Platform


def _ours(platform: Platform) -> set[str]:
    """Programs of our own: they read the settings themselves, so any change of them is theirs."""
    return {program.name for program in programs(platform.settings) if "MAILCENTER_BUILD" in program.environment}


def _pids(platform: Platform) -> dict[str, int]:
    """Of every process, whether all are healthy or not."""
    status = json.loads(platform.mailcenter("status", "--json", check=False).stdout)
    return {process["name"]: process["pid"] for engine in status["engines"] for process in engine["processes"]}


@contextmanager
def _changed(platform: Platform, old: str, new: str) -> Iterator[None]:
    """The configuration with one text replaced; put back and brought in line at the end."""
    text = platform.config.read_text()
    assert old in text
    platform.config.write_text(text.replace(old, new))
    try:
        yield
    finally:
        platform.config.write_text(text)
        platform.mailcenter("up")


def test_everything_is_healthy(platform: Platform) -> None:
    status = platform.json("status")
    assert [engine["name"] for engine in status["engines"]] == [engine.name for engine in ENGINES]
    assert [engine["name"] for engine in status["engines"] if not engine["healthy"]] == []
    assert (status["running"], status["healthy"]) == (True, True)
    assert set(_pids(platform)) == {program.name for program in programs(platform.settings)}
    for engine in status["engines"]:
        for process in engine["processes"]:
            assert (process["state"], process["pid"] > 0) == ("RUNNING", True)


def test_daemons_let_each_other_finish(platform: Platform) -> None:
    try:
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    except PermissionError:
        pytest.skip("the policy is not allowed here")
    for name, pid in _pids(platform).items():
        assert os.sched_getscheduler(pid) == os.SCHED_BATCH, name


def test_status_for_people_has_a_line_per_engine(platform: Platform) -> None:
    lines = platform.mailcenter("status").stdout.splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [[engine.name, "healthy"] for engine in ENGINES]


def test_a_second_up_takes_seconds_and_restarts_nothing(platform: Platform) -> None:
    platform.mailcenter("up")
    before, begun = _pids(platform), time.monotonic()
    platform.mailcenter("up")
    assert time.monotonic() - begun < 20
    assert _pids(platform) == before


def test_a_changed_setting_restarts_only_whom_it_concerns(platform: Platform) -> None:
    platform.mailcenter("up")
    before = _pids(platform)
    with _changed(platform, "[virus]\n", "[virus]\nscan_size = 60000000\n"):
        platform.mailcenter("up")
        after = _pids(platform)
        assert f"MaxFileSize {60000000}" in (platform.paths.etc("clamd") / "clamd.conf").read_text()
    assert {name for name in before if before[name] != after[name]} == {"clamd", *_ours(platform)}


def test_a_zone_put_in_is_served_without_a_restart(platform: Platform) -> None:
    platform.mailcenter("up")
    before = _pids(platform)
    zone = platform.paths.state / "zones" / "put-in.test.zone"
    zone.write_text("$TTL 60\n@ IN SOA ns h 1 3600 600 86400 60\n@ IN NS ns\nns IN A 192.0.2.1\n")
    dns = platform.settings.dns
    try:
        platform.mailcenter("up")
        assert ask(dns.address, dns.port, "ns.put-in.test", RdataType.A) == (0, 1)
    finally:
        zone.unlink()
        platform.mailcenter("up")
    assert ask(dns.address, dns.port, "ns.put-in.test", RdataType.A) == (3, 0)
    assert _pids(platform) == before


def test_a_refused_configuration_changes_nothing(platform: Platform, tmp_path: Path) -> None:
    platform.mailcenter("up")
    before = _pids(platform)
    with _changed(platform, "[virus]\n", '[tls]\ncertificate = "/no/such.pem"\nkey = "/no/such.key"\n\n[virus]\n'):
        refused = platform.mailcenter("up", check=False)
        assert refused.returncode == 1
        assert "error: tls.certificate: /no/such.pem is no readable certificate" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert _pids(platform) == before
    assert platform.json("status")["healthy"]


def test_two_at_once_are_one_too_many(platform: Platform) -> None:
    command = [sys.executable, "-m", "mailcenter.run.cli", "up"]
    environment = {**os.environ, CONFIG_VARIABLE: str(platform.config)}
    pair = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [one.communicate(timeout=60)[1] for one in pair]
    assert sorted(one.returncode for one in pair) == [0, 1]
    assert any("error: another `mailcenter up` or `down` of this state is at work" in text for text in said)


def test_a_setting_gone_wrong_is_named(platform: Platform) -> None:
    with _changed(platform, "[virus]\n", "[virus]\nscan_sise = 1\n"):
        refused = platform.mailcenter("up", check=False)
        assert refused.returncode == 1
        assert refused.stderr.startswith(f"error: {platform.config}: virus.scan_sise: there is no such setting")
