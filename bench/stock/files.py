"""The files of the stock stack: the packages' own, and the few that name directories, ports and mailboxes."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bench.stack import DOMAIN, LOCAL_PARTS, RECIPIENTS
from bench.zone import REVERSE_ZONE, ZONE, reverse_zone_file

_TEMPLATES = Path(__file__).parent / "templates"
_DOVECOT = Path("/usr/share/dovecot/conf.d")
_VMAIL = 5000
_EMPTY_ROOT = ". 60 IN SOA localhost. root.localhost. 1 3600 600 86400 60\n. 60 IN NS localhost.\n"
_MASTER_CF = Path("/usr/share/postfix/master.cf.dist")


@dataclass(frozen=True)
class Ports:
    """Loopback ports of the stock daemons."""

    smtp: int
    proxy: int
    normal: int
    controller: int
    redis: int
    dns: int

    @classmethod
    def starting_at(cls, base: int) -> Ports:
        return cls(*range(base, base + 6))


def master_cf(smtp: int) -> str:
    """Debian's services; SMTP on another port, and nothing in chroots: those would need copies of system files."""
    lines = []
    for line in _MASTER_CF.read_text().splitlines():
        fields = line.split()
        if line and not line[0].isspace() and not line.startswith("#") and len(fields) >= 8:
            fields[4] = "n"
            if fields[:2] == ["smtp", "inet"]:
                fields[0] = f"127.0.0.1:{smtp}"
            lines.append(" ".join(fields))
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def _postfix(root: Path, ports: Ports, environment: Environment) -> None:
    etc = root / "postfix" / "etc"
    for directory in (etc, root / "postfix" / "queue", root / "postfix" / "data"):
        directory.mkdir(parents=True)
    shutil.chown(root / "postfix" / "data", "postfix", "postfix")
    main_cf = environment.get_template("main.cf.j2").render(root=root, ports=ports, domain=DOMAIN)
    (etc / "main.cf").write_text(main_cf)
    (etc / "master.cf").write_text(master_cf(ports.smtp))
    (etc / "vmailbox").write_text("".join(f"{address} {address}\n" for address in RECIPIENTS))
    subprocess.run(["postmap", "-c", str(etc), f"hash:{etc}/vmailbox"], check=True, capture_output=True)
    subprocess.run(["postfix", "-c", str(etc), "check"], check=True, capture_output=True)


def _dovecot(root: Path, environment: Environment) -> None:
    home = root / "dovecot"
    for name in ("run", "state"):
        (home / name).mkdir(parents=True)
    mail = root / "mail"
    mail.mkdir()
    for local_part in LOCAL_PARTS:
        (mail / local_part).mkdir()
        shutil.chown(mail / local_part, _VMAIL, _VMAIL)
    packaged = sorted(path for path in _DOVECOT.glob("*.conf") if path.name not in {"10-auth.conf", "10-ssl.conf"})
    (home / "dovecot.conf").write_text(environment.get_template("dovecot.conf.j2").render(root=root, packaged=packaged))
    users = [f"{local}@{DOMAIN}:{{PLAIN}}unused:{_VMAIL}:{_VMAIL}::{mail / local}::\n" for local in LOCAL_PARTS]
    (home / "users").write_text("".join(users))


def _rspamd(root: Path, ports: Ports) -> None:
    home = root / "rspamd"
    override, local = home / "etc" / "override.d", home / "etc" / "local.d"
    for directory in (override, local, home / "data", home / "run"):
        directory.mkdir(parents=True)
    (local / "redis.conf").write_text(f'servers = "127.0.0.1:{ports.redis}";\n')
    (override / "options.inc").write_text(f'dns {{ nameserver = ["127.0.0.1:{ports.dns}:1"]; }}\n')
    (override / "worker-normal.inc").write_text(f'bind_socket = "127.0.0.1:{ports.normal}";\n')
    (override / "worker-controller.inc").write_text(f'bind_socket = "127.0.0.1:{ports.controller}";\n')
    upstream = f'upstream "local" {{ default = yes; hosts = "127.0.0.1:{ports.normal}"; }}\n'
    (override / "worker-proxy.inc").write_text(f'bind_socket = "127.0.0.1:{ports.proxy}";\n{upstream}')
    for name in ("data", "run"):
        shutil.chown(home / name, "_rspamd", "_rspamd")


def write(root: Path, ports: Ports, zone: str, zones: Mapping[str, str]) -> None:
    """Everything the daemons read, below the empty directory `root`.

    `zone` is the senders' zone file, `zones` are the texts of more zones by their names.
    """
    root.chmod(0o755)
    (root / "log").mkdir()
    (root / "log").chmod(0o777)  # every daemon writes its own log there, in a directory thrown away afterwards
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), undefined=StrictUndefined, autoescape=False)  # noqa: S701 - no HTML
    _postfix(root, ports, environment)
    _dovecot(root, environment)
    _rspamd(root, ports)
    (root / "unbound").mkdir()
    unbound = environment.get_template("unbound.conf.j2").render(
        root=root, ports=ports, zone=ZONE, reverse=REVERSE_ZONE, zones=sorted(zones)
    )
    for name, text in zones.items():
        (root / "unbound" / f"{name}.zone").write_text(text)
    (root / "unbound" / "unbound.conf").write_text(unbound)
    (root / "unbound" / "senders.zone").write_text(zone)
    (root / "unbound" / "clients.zone").write_text(reverse_zone_file())
    (root / "unbound" / "root.zone").write_text(_EMPTY_ROOT)
    (root / "redis").mkdir()
