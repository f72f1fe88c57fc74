"""The supervisor's configuration, read back by the supervisor's own parser; and the front of each command."""

from __future__ import annotations

import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from supervisor.options import ServerOptions

from mailcenter.engines import proc
from mailcenter.engines.base import EngineError, Program
from mailcenter.engines.supervisor import configuration
from mailcenter.engines.supervisor.groups import group_file, members
from mailcenter.engines.table import programs
from mailcenter.engines.write import ensure_directory, write_file
from mailcenter.settings.model import Settings
from tests.harness.wait import until

_ODD = Program(
    "odd",
    ("/bin/echo", "a b", 'quote"d', "100%", "back\\slash", "%(here)s", "semi;colon"),
    user="www-data",
    group="postfix",
    environment={"TEXT": "say 100%, please; now=1", "OTHER": "x"},
    stop_signal="INT",
    stop_seconds=7,
)


def _read_back(settings: Settings, wanted: list[Program]) -> dict[str, Any]:
    for directory in configuration.directories(settings):
        ensure_directory(directory)
    file = configuration.configuration(settings, wanted)
    write_file(file)
    options = ServerOptions()
    options.realize(["-c", str(file.path)])
    return {group.name: group.process_configs[0] for group in options.process_group_configs}


def test_nothing_is_lost_on_the_way_to_the_supervisor(demo: Settings) -> None:
    read = _read_back(demo, [_ODD])["odd"]
    assert {**read.environment, **_ODD.environment} == read.environment
    assert read.environment[configuration.STATE_VARIABLE] == str(demo.state_dir)
    assert read.autostart is False
    assert read.stopwaitsecs == 7
    assert tuple(shlex.split(read.command))[-len(_ODD.command) :] == _ODD.command


def test_a_quote_in_the_environment_is_refused(demo: Settings) -> None:
    with pytest.raises(EngineError, match=r"TEXT=.* cannot be handed to the supervisor"):
        configuration.configuration(demo, [Program("odd", ("true",), environment={"TEXT": 'a"b'})])


def test_every_program_is_understood(demo: Settings, server: Settings) -> None:
    for settings in (demo, server):
        read = _read_back(settings, programs(settings))
        assert sorted(read) == sorted(program.name for program in programs(settings))


def test_the_lower_priority_comes_first(demo: Settings) -> None:
    order = [program.priority for program in programs(demo)]
    assert order == sorted(order)


def test_a_user_is_dropped_to_for_good() -> None:
    command = configuration.launcher(Program("x", ("true",), user="www-data"))
    for option in ("--reuid=www-data", "--regid=33", "--init-groups", "--no-new-privs", "--bounding-set=-all"):
        assert option in command
    assert not any(word.startswith("--ambient") for word in command)


def test_a_capability_survives_the_change_of_user() -> None:
    program = Program("x", ("grep", "CapEff", "/proc/self/status"), user="www-data", capabilities=("net_bind_service",))
    done = subprocess.run(configuration.launcher(program), capture_output=True, text=True, check=True)
    assert int(done.stdout.split()[1], 16) == 1 << 10  # CAP_NET_BIND_SERVICE in linux/capability.h


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A directory into which other users than ours can go; pytest's are closed to them."""
    with tempfile.TemporaryDirectory(prefix="mc-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_a_directory_in_memory_is_the_programs_alone(reachable: Path) -> None:
    if subprocess.run(["unshare", "--mount", "true"], check=False).returncode != 0:
        pytest.skip("nothing can be mounted here")
    own = reachable / "own"
    own.mkdir()
    what = 'echo found > "$0/file" && stat --file-system --format %T "$0" && stat --format "%U %a" "$0"'
    program = Program("x", ("/bin/sh", "-c", what, str(own)), user="www-data", in_memory=own)
    done = subprocess.run(configuration.launcher(program), capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["tmpfs", "www-data 700"]
    assert list(own.iterdir()) == []


@pytest.mark.parametrize("user", ["root", "www-data"])
def test_a_child_dies_with_its_parent(tmp_path: Path, user: str) -> None:
    tmp_path.chmod(0o777)
    launched = configuration.launcher(Program("x", ("sleep", "300"), user=user))
    parent = f"import subprocess; p = subprocess.Popen({launched!r}); print(p.pid, flush=True); p.wait()"
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout
        pid = int(started.stdout.readline())
        until(lambda: Path(f"/proc/{pid}/comm").read_text() == "sleep\n", "the child to run")
        started.kill()
    until(lambda: not Path(f"/proc/{pid}").exists(), "the child to die with its killed parent")


def test_a_start_ends_what_is_left_of_the_last_one(demo: Settings) -> None:
    """The master is killed, its worker lives on in the group; a stranger in another group and session is left alone."""
    for directory in configuration.directories(demo):
        ensure_directory(directory)
    for file in configuration.files(demo, []):
        write_file(file)
    noted = group_file(demo, "daemon")
    start = [str(configuration.config_file(demo).parent / "start"), str(noted)]
    worker = Path(demo.state_dir) / "worker"
    master = [*start, "/bin/sh", "-c", f"sleep 300 & echo $! > {worker}; wait"]
    with (
        subprocess.Popen(["sleep", "300"], start_new_session=True) as stranger,
        subprocess.Popen(master, process_group=0) as killed,
    ):
        until(lambda: worker.exists() and worker.read_text().strip(), "the worker to run")
        left = int(worker.read_text())
        assert noted.read_text().split()[0] == str(killed.pid)
        killed.kill()
        killed.wait(5)
        assert proc.alive(left)
        assert left in members(demo)
        with subprocess.Popen(
            [*start, "/bin/echo", "it's", "$HOME"], process_group=0, stdout=subprocess.PIPE
        ) as second:
            assert second.communicate(timeout=10)[0] == b"it's $HOME\n"
        until(lambda: not proc.alive(left), "the worker to end")
        assert proc.alive(stranger.pid)
        stranger.kill()


@pytest.mark.parametrize("spoiled", ["boot", "session"])
def test_numbers_of_another_boot_or_session_mean_nothing(demo: Settings, spoiled: str) -> None:
    for directory in configuration.directories(demo):
        ensure_directory(directory)
    for file in configuration.files(demo, []):
        write_file(file)
    noted = group_file(demo, "daemon")
    start = [str(configuration.config_file(demo).parent / "start"), str(noted)]
    with subprocess.Popen(["sleep", "300"], process_group=0) as other:
        session, boot = proc.session(other.pid), proc.boot()
        noted.write_text(f"{other.pid} {session} {'x' if spoiled == 'boot' else boot}\n")
        if spoiled == "session":
            noted.write_text(f"{other.pid} {session + 1} {boot}\n")
        assert members(demo) == set()
        with subprocess.Popen([*start, "/bin/true"], process_group=0):
            pass
        assert proc.alive(other.pid)
        other.kill()
