"""Dovecot alone, throw-away: Debian's packaged settings, users in a passwd-file."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bench.stock.processes import Children, answers, wait_until

_TEMPLATES: Final = Path(__file__).parent / "templates"
_PACKAGED: Final = Path("/usr/share/dovecot/conf.d")
_VMAIL: Final = 5000


class LoneDovecot:
    """Lives in the empty directory `root`; `password` is the hash of every user, as `{SCHEME}hash`."""

    name = "stock"

    def __init__(self, root: Path, port: int, users: list[str], password: str, certificate: tuple[Path, Path]) -> None:
        self.port = port
        self._root = root
        self._users = users
        self._password = password
        self._certificate = certificate
        self._children = Children(root)

    def start(self, sessions: int) -> None:
        """With room for so many. Raises StackError."""
        self._root.chmod(0o755)
        for name in ("run", "state"):
            (self._root / name).mkdir()
        mail = self._root / "mail"
        mail.mkdir()
        shutil.chown(mail, _VMAIL, _VMAIL)
        packaged = sorted(file for file in _PACKAGED.glob("*.conf") if file.name not in {"10-auth.conf", "10-ssl.conf"})
        certificate, key = self._certificate
        environment = Environment(loader=FileSystemLoader(_TEMPLATES), undefined=StrictUndefined, autoescape=False)  # noqa: S701 - no HTML
        text = environment.get_template("dovecot.conf.j2").render(
            root=self._root, port=self.port, packaged=packaged, certificate=certificate, key=key, sessions=sessions
        )
        (self._root / "dovecot.conf").write_text(text)
        (self._root / "users").write_text(
            "".join(f"{user}:{self._password}:{_VMAIL}:{_VMAIL}::{mail / user}::\n" for user in self._users)
        )
        self._children.start("dovecot", "dovecot", "-F", "-c", str(self._root / "dovecot.conf"))
        wait_until(lambda: answers(("127.0.0.1", self.port)), "Dovecot's IMAP port", 20)
        self._children.alive()

    def roots(self) -> dict[str, int]:
        self._children.alive()
        return self._children.pids()

    def stop(self) -> None:
        self._children.stop()
