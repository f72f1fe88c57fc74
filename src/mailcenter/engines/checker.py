"""Run a daemon's own tools: its configuration checker, its control program."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence

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

    Args:
        failure: what did not work, for people; the program's last words follow it.
        user: the user to run as, with this user's groups and without any capability; empty: as we are.
        environment: added to ours.
        timeout: seconds.

    Raises:
        EngineError: it could not be run, took too long, or ended with another exit code than 0.
    """
    arguments = [*as_user(user), *command] if user else list(command)
    try:
        done = subprocess.run(
            arguments,
            input=stdin,
            env={**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
            cwd="/",
        )
    except FileNotFoundError:
        raise EngineError(f"{failure}: there is no {command[0]}", "run tools/install") from None
    except subprocess.TimeoutExpired:
        raise EngineError(f"{failure}: no answer within {timeout:g} seconds", remedy) from None
    if done.returncode != 0:
        raise EngineError(
            f"{failure}: {last_words(done.stderr + done.stdout) or f'exit code {done.returncode}'}", remedy
        )
    return done.stdout + done.stderr if with_stderr else done.stdout


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
