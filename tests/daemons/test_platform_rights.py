"""Least rights: who the daemons are, what they may do, which sockets they open and to whom."""

from __future__ import annotations

import pwd
import stat
from pathlib import Path

import pytest

from mailcenter.engines import proc
from mailcenter.engines.base import EngineError
from mailcenter.engines.checker import run
from mailcenter.engines.platform.ports import wanted_ports
from mailcenter.engines.supervisor import processes
from mailcenter.settings.identities import DATABASE, POSTGRES_PORT
from tests.harness.platform import Platform

_USERS = {
    "postgres": "postgres",
    "redis": "redis",
    "unbound": "unbound",
    "clamd": "clamav",
    "rspamd": "_rspamd",
    "gate": "mailcenter-gate",
    "bans": "mailcenter-gate",
    "domains": "mailcenter-gate",
    "ledger": "mailcenter-ledger",
    "notices": "mailcenter-notices",
    "training": "_rspamd",
    "certificates": "mailcenter-certs",
    "center": "mailcenter-center",
}


def _status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _ours(platform: Platform) -> list[int]:
    supervisor = processes.running_pid(platform.settings)
    return [pid for pid in proc.pids() if supervisor in proc.ancestors(pid)]


@pytest.mark.parametrize("name", _USERS)
def test_a_daemon_is_its_user_and_nothing_more(platform: Platform, name: str) -> None:
    engine = next(engine for engine in platform.json("status")["engines"] if engine["name"] == name)
    for pid in (process["pid"] for process in engine["processes"]):
        status = _status(pid)
        assert {pwd.getpwuid(int(uid)).pw_name for uid in status["Uid"].split()} == {_USERS[name]}
        assert int(status["CapEff"], 16) == int(status["CapBnd"], 16) == 0
        assert status["NoNewPrivs"] == "1"


def test_nobody_listens_where_no_setting_says_so(platform: Platform) -> None:
    ours = set(_ours(platform))
    wanted = wanted_ports(platform.settings)
    for listener in proc.listeners():
        # A resolver's question to another name server holds a UDP port for a moment.
        if listener.pid in ours and listener.protocol == "tcp":
            assert any(listener.conflicts(want.protocol, want.address, want.port) for want in wanted), listener
    assert {want.port for want in wanted} <= {one.port for one in proc.listeners() if one.pid in ours}


@pytest.mark.parametrize(
    ("user", "allowed"),
    [
        ("mailcenter-gate", {"clamd", "rspamd", "redis", "gate"}),
        ("_rspamd", {"redis", "rspamd", "rspamd controller", "training"}),
        ("mailcenter-mail", {"training"}),
        ("postfix", {"gate", "lmtp", "sasl"}),
        ("www-data", {"center"}),
        ("nobody", set()),
    ],
)
def test_each_socket_opens_to_its_clients_only(platform: Platform, user: str, allowed: set[str]) -> None:
    sockets = {
        "clamd": platform.paths.clamd_socket,
        "rspamd": platform.paths.rspamd_socket,
        "rspamd controller": platform.paths.rspamd_controller_socket,
        "training": platform.paths.training_socket("spam"),
        "redis": platform.paths.redis_socket,
        "gate": platform.paths.gate_socket,
        "lmtp": platform.paths.lmtp_socket,
        "sasl": platform.paths.sasl_socket,
        "center": platform.paths.center_socket,
        "supervisor": platform.paths.run("supervisor") / "supervisor.sock",
        "unbound control": platform.paths.run("unbound") / "control.sock",
    }
    assert all(path.is_socket() for path in sockets.values())
    assert {name for name, path in sockets.items() if _may_connect(user, path)} == allowed


def _may_connect(user: str, path: Path) -> bool:
    connect = (
        "import socket, sys\n"
        "try: socket.socket(socket.AF_UNIX).connect(sys.argv[1]); print('let in')\n"
        "except PermissionError: print('kept out')"
    )
    said = run(["/usr/bin/python3", "-c", connect, str(path)], user=user, failure=f"{user} at {path}").strip()
    assert said in {"let in", "kept out"}
    return said == "let in"


@pytest.mark.parametrize(
    ("user", "role", "let_in"),
    [
        ("root", "mc_owner", True),
        ("postgres", "postgres", True),
        ("postfix", "mc_postfix", True),
        ("dovecot", "mc_dovecot", True),
        ("mailcenter-gate", "mc_gate", True),
        ("mailcenter-ledger", "mc_ledger", True),
        ("mailcenter-center", "mc_web", True),
        ("mailcenter-notices", "mc_notices", True),
        ("mailcenter-gate", "mc_owner", False),
        ("mailcenter-center", "mc_ledger", False),
        ("postfix", "postgres", False),
        ("nobody", "mc_gate", False),
    ],
)
def test_the_database_lets_each_in_as_himself(platform: Platform, user: str, role: str, let_in: bool) -> None:
    place = f"host={platform.paths.postgres_socket_dir} port={POSTGRES_PORT} dbname={DATABASE} user={role}"
    command = ["psql", "-X", "-A", "-t", "-c", "SELECT current_user", place]
    if let_in:
        assert run(command, user=user, failure="refused").strip() == role
        return
    with pytest.raises(EngineError, match=r"Peer authentication failed|provided user name"):
        run(command, user=user, failure="refused")


_NO_MAKERS = ("mc_postfix", "mc_dovecot", "mc_gate", "mc_ledger", "mc_notices", "mc_center", "mc_web")


@pytest.mark.parametrize("role", _NO_MAKERS)
def test_no_role_of_a_daemon_makes_tables(platform: Platform, role: str) -> None:
    attributes = "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication FROM pg_roles"
    asked = f"{attributes} WHERE rolname = '{role}' UNION ALL SELECT has_schema_privilege('{role}', 'public', 'CREATE')"
    place = f"host={platform.paths.postgres_socket_dir} port={POSTGRES_PORT} dbname={DATABASE} user=postgres"
    assert run(["psql", "-X", "-A", "-t", "-c", asked, place], user="postgres", failure="refused").split() == ["f", "f"]


def test_data_and_secrets_are_closed(platform: Platform) -> None:
    for name, user in {"postgres": "postgres", "redis": "redis", "clamd": "clamav", "unbound": "unbound"}.items():
        directory = platform.paths.data(name)
        assert (directory.owner(), stat.S_IMODE(directory.stat().st_mode)) == (user, 0o700)
    for secret in platform.paths.secrets.iterdir():
        assert not stat.S_IMODE(secret.stat().st_mode) & 0o137, secret
    for log in (platform.paths.state / "log").iterdir():
        assert not stat.S_IMODE(log.stat().st_mode) & 0o007, log
