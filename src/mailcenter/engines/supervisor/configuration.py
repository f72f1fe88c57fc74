"""Render `supervisord.conf` from the programs of all engines."""

from __future__ import annotations

import resource
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from mailcenter.engines.accounts import group_id, primary_group_id, user_id
from mailcenter.engines.base import Directory, EngineError, Program, RenderedFile
from mailcenter.engines.supervisor.groups import group_file
from mailcenter.engines.template import render
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

STATE_VARIABLE = "MAILCENTER_STATE"
"""Stands in the environment of every process under the supervisor; its value is the state directory."""

_DESCRIPTORS: Final = 65536

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def config_file(settings: Settings) -> Path:
    return paths(settings).etc("supervisor") / "supervisord.conf"


def socket_file(settings: Settings) -> Path:
    return paths(settings).run("supervisor") / "supervisor.sock"


def pid_file(settings: Settings) -> Path:
    return paths(settings).run("supervisor") / "supervisord.pid"


def log_file(settings: Settings) -> Path:
    return paths(settings).log("supervisor")


def directories(settings: Settings) -> list[Directory]:
    """Those that the supervisor itself needs."""
    place = paths(settings)
    return [
        Directory(place.etc("supervisor"), mode=0o700),
        Directory(place.run("supervisor"), mode=0o700),
        Directory(place.state / "log"),
    ]


def files(settings: Settings, programs: Iterable[Program]) -> list[RenderedFile]:
    """What the supervisor reads: its configuration, and the script that starts each program."""
    start = render(__file__, "start.j2", settings)
    return [configuration(settings, programs), RenderedFile(_start_file(settings), start, mode=0o700)]


def configuration(settings: Settings, programs: Iterable[Program]) -> RenderedFile:
    """The configuration that runs these programs; readable by root only, as environments stand in it."""
    place = paths(settings)
    rows = [
        {
            "name": program.name,
            "command": _quoted_command((*_starter(settings, program), *launcher(program))),
            "environment": _environment(program.environment),
            "priority": program.priority,
            "stop_signal": program.stop_signal,
            "stop_seconds": program.stop_seconds,
            "log": _plain(str(_log(settings, program))),
        }
        for program in sorted(programs, key=lambda program: (program.priority, program.name))
    ]
    content = render(
        __file__,
        "supervisord.conf.j2",
        settings,
        programs=rows,
        socket=_plain(str(socket_file(settings))),
        pid_file=_plain(str(pid_file(settings))),
        log_file=_plain(str(log_file(settings))),
        descriptors=descriptors(),
        environment=_environment({STATE_VARIABLE: str(place.state), "LC_ALL": "C.UTF-8", "PATH": PATH}),
    )
    return RenderedFile(config_file(settings), content, mode=0o600)


def descriptors() -> int:
    """Open files that each program may have: as many as thousands of sessions need, if this machine lets us."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _DESCRIPTORS if most == resource.RLIM_INFINITY else min(_DESCRIPTORS, most)


def _log(settings: Settings, program: Program) -> Path:
    return paths(settings).log(f"{program.name}.out" if program.own_log else program.name)


_IN_MEMORY: Final = (
    'options="$1"; shift; unshare --mount true 2>/dev/null || exec "$@"; '
    "exec unshare --mount --propagation private -- /bin/sh -c "
    """'mount -t tmpfs -o "$1" mailcenter "$0" || :; shift; exec "$@"' "$0" "$options" "$@\""""
)
"""Mounts memory over a directory ($0; $1: how) for the rest of the arguments alone: nothing stays behind."""
_IN_MEMORY_OPTIONS: Final = "size=25%,mode=0700,nosuid,nodev,noexec"


def _start_file(settings: Settings) -> Path:
    return paths(settings).etc("supervisor") / "start"


def _starter(settings: Settings, program: Program) -> tuple[str, ...]:
    if program.children_end:
        return ()
    return (str(_start_file(settings)), str(group_file(settings, program.name)))


def launcher(program: Program) -> tuple[str, ...]:
    """The command in front of which setpriv(1) drops the rights and ties the life to the supervisor's.

    The kernel clears the parent-death signal when user or group change, so setpriv sets it after that. A daemon that
    starts as root and changes its user later loses it; such leftovers are found by `processes.py`.
    """
    options = [f"--pdeathsig={program.stop_signal}"]
    if program.user != "root":
        group = group_id(program.group) if program.group else primary_group_id(program.user)
        kept = [f"+{name}" for name in program.capabilities]
        options += [f"--reuid={program.user}", f"--regid={group}", "--init-groups", "--no-new-privs"]
        options += [f"--inh-caps={','.join(['-all', *kept])}", f"--bounding-set={','.join(['-all', *kept])}"]
        if kept:
            options.append(f"--ambient-caps={','.join(kept)}")
    command = ("/usr/bin/setpriv", *options, "--", *program.command)
    if program.in_memory is None:
        return command
    mount_options = f"{_IN_MEMORY_OPTIONS},uid={user_id(program.user)},gid={primary_group_id(program.user)}"
    return ("/bin/sh", "-c", _IN_MEMORY, str(program.in_memory), mount_options, *command)


def _plain(value: str) -> str:
    """Supervisor expands `%(name)s` in every value."""
    return value.replace("%", "%%")


def _quoted_command(command: tuple[str, ...]) -> str:
    return _plain(" ".join(_quoted(word) for word in command))


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _environment(values: Mapping[str, str]) -> str:
    """Supervisor reads quoted values but knows no escapes in them."""
    for name, value in values.items():
        if any(sign in value for sign in "\"'\n"):
            raise EngineError(f"{name}={value!r} cannot be handed to the supervisor", "avoid quotes in paths")
    return _plain(",".join(f'{name}="{value}"' for name, value in sorted(values.items())))
