"""What was last written, found good and taken by each engine: so that an `up` with nothing new does nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from mailcenter.engines.base import Engine, RenderedFile
from mailcenter.engines.tls import USED_BY, fingerprint
from mailcenter.engines.write import write_file
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings


@dataclass
class Applied:
    """Of one engine: the files written, the digest that its checker found good, the one it runs with."""

    files: list[str] = field(default_factory=list)
    checked: str = ""
    running: str = ""


def _file(settings: Settings) -> Path:
    return paths(settings).run("supervisor") / "applied.json"


def read(settings: Settings) -> dict[str, Applied]:
    """By engine; empty where nothing was applied yet or the record cannot be read: then all is checked anew."""
    try:
        return {name: Applied(**values) for name, values in json.loads(_file(settings).read_text()).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def write(settings: Settings, applied: dict[str, Applied]) -> None:
    content = json.dumps({name: asdict(values) for name, values in applied.items()}, indent=1)
    write_file(RenderedFile(_file(settings), f"{content}\n", mode=0o600))


def digest(settings: Settings, engine: Engine, files: Iterable[RenderedFile]) -> str:
    """Changes whenever the engine must take something anew: a file, or the certificate that it uses."""
    parts = [f"{file.path} {file.mode:o} {file.owner}:{file.group}\n{file.content}" for file in files]
    if engine.name in USED_BY:
        parts.append(fingerprint(settings))
    return hashlib.sha256("\0".join(sorted(parts)).encode()).hexdigest()
