"""Start, ask and stop the stock stack."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from bench.smtp import Target
from bench.stack import StackError
from bench.stock import files
from bench.stock.processes import Children, answers, wait_until

_POSTFIX_MASTER = "/usr/lib/postfix/sbin/master"


class StockStack:
    """Lives in `root`, which must be an empty directory; `cache` keeps Rspamd's compiled expressions between runs."""

    name = "stock"

    def __init__(
        self, root: Path, port_base: int, cache: Path, zone: str, zones: Mapping[str, str] | None = None
    ) -> None:
        self.root = root
        self.store = root / "mail"
        self.ports = files.Ports.starting_at(port_base)
        self.target = Target("127.0.0.1", self.ports.smtp)
        self._cache = cache
        self._zone = zone
        self._zones = zones or {}
        self._children = Children(root / "log")

    def start(self) -> None:
        try:
            files.write(self.root, self.ports, self._zone, self._zones)
        except subprocess.CalledProcessError as error:
            raise StackError(f"{error.cmd[0]} refuses: {error.stderr.decode(errors='replace').strip()}") from error
        self._recall_expressions()
        self._start_helpers()
        self._start_rspamd()
        self._children.start("dovecot", "dovecot", "-F", "-c", str(self.root / "dovecot" / "dovecot.conf"))
        wait_until(lambda: answers(str(self.root / "dovecot" / "run" / "lmtp")), "Dovecot's LMTP socket", 20)
        etc = str(self.root / "postfix" / "etc")
        self._children.start("postfix", _POSTFIX_MASTER, "-d", environment={"MAIL_CONFIG": etc, "MAIL_LOGTAG": "stock"})
        wait_until(lambda: answers((self.target.host, self.target.port)), "Postfix's SMTP port", 20)
        self._children.alive()
        wait_until(self._expressions_compiled, "Rspamd's compiled expressions", 180)

    def _start_helpers(self) -> None:
        redis = self.root / "redis"
        self._children.start(
            "redis", "redis-server", "--port", str(self.ports.redis), "--bind", "127.0.0.1", "--dir", str(redis)
        )
        self._children.start("unbound", "unbound", "-d", "-p", "-c", str(self.root / "unbound" / "unbound.conf"))
        wait_until(lambda: answers(("127.0.0.1", self.ports.redis)), "Redis", 10)

    def _start_rspamd(self) -> None:
        home = self.root / "rspamd"
        variables = {
            "DBDIR": home / "data",
            "RUNDIR": home / "run",
            "LOGDIR": self.root / "log",
            "LOCAL_CONFDIR": home / "etc",
        }
        chosen = [f"--var={name}={value}" for name, value in variables.items()]
        command = ["rspamd", "-f", "-u", "_rspamd", "-g", "_rspamd", "-c", "/etc/rspamd/rspamd.conf", *chosen]
        self._children.start("rspamd", *command)
        wait_until(lambda: answers(("127.0.0.1", self.ports.proxy)), "Rspamd's milter port", 60)

    def _expressions(self) -> list[Path]:
        return list((self.root / "rspamd" / "data").glob("*.hs*"))

    def _recall_expressions(self) -> None:
        self._cache.mkdir(parents=True, exist_ok=True)
        for file in self._cache.glob("*.hs*"):
            copy = Path(shutil.copy2(file, self.root / "rspamd" / "data"))
            shutil.chown(copy, "_rspamd", "_rspamd")

    def _expressions_compiled(self) -> bool:
        log = self.root / "log" / "rspamd.log"
        return log.exists() and "full hyperscan database" in log.read_text(errors="replace")

    def stop(self) -> None:
        self._children.stop()
        for file in self._expressions():
            shutil.copy2(file, self._cache)

    def roots(self) -> dict[str, int]:
        self._children.alive()
        return self._children.pids()

    def learn(self, ham: list[bytes], spam: list[bytes]) -> None:
        teach(["-h", f"127.0.0.1:{self.ports.controller}"], self.root, ham, spam)

    def queued(self) -> int:
        return queued(self.root / "postfix" / "etc")


def teach(connection: list[str], scratch: Path, ham: list[bytes], spam: list[bytes]) -> None:
    """Teach the Bayes classifier behind Rspamd's controller by `rspamc`.

    Raises:
        StackError: Rspamd refused.
    """
    for kind, mails in (("ham", ham), ("spam", spam)):
        folder = scratch / f"learn-{kind}"
        folder.mkdir()
        for number, content in enumerate(mails):
            (folder / f"{number}.eml").write_bytes(content)
        command = ["rspamc", *connection, f"learn_{kind}", str(folder)]
        result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        shutil.rmtree(folder)
        # Rspamd declines what it knows already for certain.
        known = result.stdout.count("success = true") + result.stdout.count("learn conditions denied")
        if known < len(mails) * 0.9:
            raise StackError(f"rspamc could not teach {kind}: {(result.stdout + result.stderr)[-300:]}")


def queued(etc: Path) -> int:
    """Mails in the queue of the Postfix instance configured in `etc`."""
    result = subprocess.run(
        ["postqueue", "-c", str(etc), "-j"],
        capture_output=True,
        check=False,
        env=os.environ | {"MAIL_CONFIG": str(etc)},
    )
    if result.returncode != 0:
        raise StackError(f"postqueue: {result.stderr.decode(errors='replace').strip()}")
    return result.stdout.count(b"\n")
