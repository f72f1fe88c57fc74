"""Find and read `mailcenter.toml`; a wrong setting is named with its reason and remedy."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mailcenter.settings.model import Settings
from mailcenter.settings.paths import LONGEST_SOCKET, SOCKET_PATH_BYTES, Paths

CONFIG_VARIABLE = "MAILCENTER_CONFIG"
SERVER_CONFIG = Path("/etc/mailcenter/mailcenter.toml")


class SettingsError(Exception):
    """The configuration cannot be used; `str()` is one readable line per fault: name, reason, remedy."""


def config_path() -> Path:
    """The configuration file in force: `$MAILCENTER_CONFIG`, else the server's.

    The `mailcenter` command in a checkout sets the variable to `var/mailcenter.toml` where that exists.
    """
    return Path(os.environ.get(CONFIG_VARIABLE) or SERVER_CONFIG)


def load(path: Path | None = None) -> Settings:
    """Read the configuration file.

    Raises:
        SettingsError: the file is missing, is no TOML, or a setting in it is wrong.
    """
    path = path or config_path()
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SettingsError(
            f"{path}: no such configuration file; make one with `mailcenter init`, or name it in {CONFIG_VARIABLE}"
        ) from None
    except PermissionError:
        raise SettingsError(f"{path}: may not be read by this user; run as root") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: is not valid TOML: {error}") from None
    return parse(raw, source=str(path))


_TAKEN_NAMES = frozenset({"clamd", "rspamd", "redis"})
"""Parts of the gate that have these names already."""


def parse(raw: dict[str, Any], *, source: str) -> Settings:
    """Check the values of a configuration file; `source` names it in errors.

    Raises:
        SettingsError: with one line per wrong setting.
    """
    try:
        settings = Settings.model_validate(raw)
    except ValidationError as error:
        lines = [
            f"{source}: {'.'.join(str(part) for part in fault['loc'])}: {_reason(fault)}" for fault in error.errors()
        ]
        raise SettingsError("\n".join(lines)) from None
    _check_together(settings, source)
    return settings


def _reason(fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        return "there is no such setting; the settings reference (docs/settings.md) lists all"
    if fault["type"] == "missing":
        return "must be set"
    return f"{fault['msg'].removeprefix('Value error, ')} (is {fault['input']!r})"


def _check_together(settings: Settings, source: str) -> None:
    faults = []
    if not settings.state_dir.is_absolute():
        faults.append(f"state_dir: must be an absolute path (is {str(settings.state_dir)!r})")
    if len(str(settings.state_dir / LONGEST_SOCKET).encode()) > SOCKET_PATH_BYTES:
        longest = SOCKET_PATH_BYTES - len(LONGEST_SOCKET) - 1
        faults.append(f"state_dir: is too long for unix sockets below it; use at most {longest} bytes")
    if settings.spam.junk_score > settings.spam.refuse_score:
        faults.append("spam.junk_score: must not be above spam.refuse_score")
    if settings.virus.scan_size < settings.smtp.message_size:
        faults.append("virus.scan_size: must be at least smtp.message_size, or larger mails could not be scanned")
    faults += _scanner_faults(settings)
    if (settings.tls.certificate is None) != (settings.tls.key is None):
        faults.append("tls: set both certificate and key, or neither")
    if (settings.tls.profile_certificate is None) != (settings.tls.profile_key is None):
        faults.append("tls: set both profile_certificate and profile_key, or neither")
    faults += _certificate_faults(settings)
    ports = [getattr(settings.listen, name) for name in type(settings.listen).model_fields if name != "addresses"]
    for port in sorted({port for port in ports if ports.count(port) > 1}):
        faults.append(f"listen: port {port} stands for two services")
    if faults:
        raise SettingsError("\n".join(f"{source}: {fault}" for fault in faults))


def _certificate_faults(settings: Settings) -> list[str]:
    wanted = settings.certificates
    if wanted.source == "folder" and (wanted.folder is None or not wanted.folder.is_absolute()):
        return ["certificates.folder: must be an absolute path where certificates.source is `folder`"]
    return []


def _scanner_faults(settings: Settings) -> list[str]:
    faults = []
    names = [scanner.name for scanner in settings.virus.scanners]
    for name in sorted({name for name in names if names.count(name) > 1 or name in _TAKEN_NAMES}):
        faults.append(f"virus.scanners: {name} is the name of another part")
    for scanner in settings.virus.scanners:
        if (scanner.clamd is None) == (not scanner.command):
            faults.append(f"virus.scanners: {scanner.name}: set either clamd or command")
        if scanner.command and not scanner.command[0].startswith("/"):
            faults.append(f"virus.scanners: {scanner.name}: the command must begin with an absolute path")
    return faults


def paths(settings: Settings) -> Paths:
    """The paths of this configuration's state directory."""
    return Paths(settings.state_dir)
