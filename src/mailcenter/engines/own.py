"""How our own processes are started: this Python, this code, this configuration."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from pathlib import Path

import mailcenter
from mailcenter.settings.load import CONFIG_VARIABLE, config_path
from mailcenter.settings.model import Settings

_CODE = Path(mailcenter.__file__).resolve().parent
_CODE_SUFFIXES = {".py", ".html", ".txt", ".sql", ".lua", ".mo"}


def own_environment(settings: Settings) -> dict[str, str]:
    """The environment of a process of ours.

    `MAILCENTER_BUILD` changes with code and settings, so that the supervisor restarts what runs on older ones.
    """
    return {
        CONFIG_VARIABLE: str(config_path().resolve()),
        "DJANGO_SETTINGS_MODULE": "mailcenter.settings.django",
        "PYTHONPATH": str(_CODE.parent),
        "PYTHONUNBUFFERED": "1",
        # Users of daemons cannot write beside the code.
        "PYTHONDONTWRITEBYTECODE": "1",
        "MAILCENTER_BUILD": hashlib.sha256(f"{_code_digest()} {settings.model_dump_json()}".encode()).hexdigest()[:16],
    }


def python(module: str, *arguments: str) -> tuple[str, ...]:
    """The command that runs a module of ours with the Python that we run on."""
    return (sys.executable, "-m", module, *arguments)


@cache
def _code_digest() -> str:
    stamps = [
        f"{file.relative_to(_CODE)} {file.stat().st_mtime_ns} {file.stat().st_size}"
        for file in sorted(_CODE.rglob("*"))
        if file.suffix in _CODE_SUFFIXES
    ]
    return hashlib.sha256("\n".join(stamps).encode()).hexdigest()
