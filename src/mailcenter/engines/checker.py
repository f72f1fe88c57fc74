"""Run a daemon's own tools: its configuration checker, its control program."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import BinaryIO

from mailcenter.engines.accounts import primary_group_id
from mailcenter.engines.base import EngineError


def run(
    command: Sequence[str],
    *,
    failure: str,
    remedy: str = "",
    user: str = "",
    environment: Mapping[str, str] | None = None,
    timeout: float = 60.0,
    stdin: str = "",
    with_stderr: bool = False,
) -> str:
    """Run a program to its end and give what it said on stdout (`with_stderr`: and on stderr).

    What it leaves behind to work on by itself is not waited for, as `postfix reload` does with a look at its queue.

    Args:
        failure: what did not work, for people; the program's last words follow it.
        user: the user to run as, with this user's groups and without any capability; empty: as we are.
        environment: added to ours.
        timeout: seconds, after which it is killed with its process group, which daemons leave;
            so it is when we are interrupted.

    Raises:
        EngineError: it could not be run, took too long, or ended with another exit code than 0.
    """
    arguments = [*as_user(user), *command] if user else list(command)
    env = {**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})}
    try:
        done = _run_to_its_end(arguments, stdin, env, timeout)
    except FileNotFoundError:
        raise EngineError(f"{failure}: there is no {command[0]}", "run tools/install") from None
    except subprocess.TimeoutExpired:
        raise EngineError(f"{failure}: no answer within {timeout:g} seconds", remedy) from None
    if done.returncode != 0:
        raise EngineError(
            f"{failure}: {last_words(done.stderr + done.stdout) or f'exit code {done.returncode}'}", remedy
        )
    return done.stdout + done.stderr if with_stderr else done.stdout


def _run_to_its_end(
    arguments: list[str], stdin: str, env: Mapping[str, str], timeout: float
) -> subprocess.CompletedProcess[str]:
    """As subprocess.run does. That would wait for everybody who has its pipes, and kill nobody but the program."""
    with _in_memory("stdout") as stdout, _in_memory("stderr") as stderr:
        with subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=stdout, stderr=stderr, env=env, cwd="/", process_group=0
        ) as process:
            try:
                process.communicate(stdin.encode(), timeout)
            except BaseException:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                raise
        said = [_content(file) for file in (stdout, stderr)]
    return subprocess.CompletedProcess(arguments, process.returncode, *said)


def _in_memory(name: str) -> BinaryIO:
    return os.fdopen(os.memfd_create(name), "w+b")


def _content(file: BinaryIO) -> str:
    """Without moving the place at which somebody may still be writing."""
    return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0).decode(errors="replace")


def as_user(user: str) -> tuple[str, ...]:
    """The front of a command that gives up root for good."""
    return (
        "setpriv",
        f"--reuid={user}",
        f"--regid={primary_group_id(user)}",
        "--init-groups",
        "--inh-caps=-all",
        "--bounding-set=-all",
        "--no-new-privs",
        "--",
    )


def last_words(output: str, lines: int = 6) -> str:
    """The end of a program's output as one line."""
    kept = [line.strip() for line in output.splitlines() if line.strip()]
    return " | ".join(kept[-lines:])
