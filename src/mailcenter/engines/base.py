"""What every daemon's folder offers: files to render, a check by the daemon itself, programs, a health question."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from mailcenter.settings.model import Settings


class EngineError(Exception):
    """A daemon cannot be set up; `str()` is one line: what is wrong, and `remedy` how to mend it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


@dataclass(frozen=True)
class RenderedFile:
    """A configuration file as it must lie on disk."""

    path: Path
    content: str
    mode: int = 0o644
    owner: str = "root"
    group: str = "root"


@dataclass(frozen=True)
class Directory:
    """A directory that must exist before the daemon starts."""

    path: Path
    mode: int = 0o755
    owner: str = "root"
    group: str = "root"


@dataclass(frozen=True)
class Program:
    """A process that the supervisor keeps running in the foreground.

    `user` is dropped to before exec; root means that the daemon drops rights itself. Lower `priority` starts earlier.
    `capabilities` are kept by a user other than root, as setpriv(1) names them. A daemon with `own_log` writes its
    log file itself; what it says before it has opened that goes to `NAME.out.log`. With `children_end` its children
    end what they are doing and then themselves when it is killed; those of others are killed before it starts again.
    `in_memory` is a directory of its user's that lies in memory as long as it runs; on disk where we may not mount, as
    in some containers.
    """

    name: str
    command: tuple[str, ...]
    user: str = "root"
    group: str = ""
    priority: int = 100
    environment: dict[str, str] = field(default_factory=dict)
    stop_signal: str = "TERM"
    stop_seconds: int = 15
    capabilities: tuple[str, ...] = ()
    own_log: bool = False
    children_end: bool = False
    in_memory: Path | None = None


@dataclass(frozen=True)
class Health:
    """`ok` with a short `detail` for people; when not ok, `remedy` says what to do."""

    ok: bool
    detail: str
    remedy: str = ""


class Engine(Protocol):
    """One external daemon, or one of ours; a module-level object `ENGINE` in `engines/NAME/__init__.py`."""

    name: str
    packages: tuple[str, ...]

    def directories(self, settings: Settings) -> list[Directory]: ...

    def render(self, settings: Settings) -> list[RenderedFile]: ...

    def prepare(self, settings: Settings) -> None:
        """Once before the first start and harmless afterwards (initdb, certificates). Raises EngineError."""

    def check(self, settings: Settings) -> None:
        """Let the daemon's own checker read the rendered files. Raises EngineError with its words."""

    def programs(self, settings: Settings) -> list[Program]: ...

    def reload(self, settings: Settings) -> None:
        """Make the running daemon take changed files, without dropping connections where it can. Raises EngineError."""

    def health(self, settings: Settings) -> Health:
        """Ask the daemon itself whether it serves; never longer than 3 seconds."""
