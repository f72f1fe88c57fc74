"""`python -m tests.fuzz [TARGET] --seconds N`: fuzz one target, or each in a process of its own.

The exit code is 1 where one crashed. What crashed it lies in the folder that is named at the end; make a unit test of
it before it is mended.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from tests.fuzz import NAMES

_SLOWEST = 10  # seconds that one input may take
_MEMORY = 2048  # megabytes


def _fuzz(name: str, seconds: int, folder: Path) -> None:
    """Never returns: the fuzzer ends the process."""
    import atheris  # only here: it is installed for `make fuzz` alone

    with atheris.instrument_imports(include=["mailcenter"]):
        from tests.fuzz.targets import TARGETS

    target = TARGETS[name]
    seeds = folder / "seeds"
    seeds.mkdir()
    for number, seed in enumerate(target.seeds()):
        (seeds / str(number)).write_bytes(seed[: target.longest])
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={target.longest}",
        f"-timeout={_SLOWEST}",
        f"-rss_limit_mb={_MEMORY}",
        f"-artifact_prefix={folder}/",
        "-print_final_stats=1",
    ]
    atheris.Setup([name, *options, str(seeds)], target.run)
    atheris.Fuzz()


def main(
    target: Annotated[str, typer.Argument(help=f"One of {', '.join(NAMES)}; all without it.")] = "",
    *,
    seconds: Annotated[int, typer.Option(min=1, help="For each target.")] = 60,
) -> None:
    """Fuzz what takes bytes from strangers."""
    if target and target not in NAMES:
        typer.echo(f"error: no target {target!r}; there are {', '.join(NAMES)}", err=True)
        raise typer.Exit(2)
    folder = Path(tempfile.mkdtemp(prefix="mc-fuzz-"))
    if target:
        _fuzz(target, seconds, folder)
    failed = []
    for name in NAMES:
        command = [sys.executable, "-m", "tests.fuzz", name, "--seconds", str(seconds)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        typer.echo(f"{name}: {'ok' if done.returncode == 0 else 'CRASHED'}")
        if done.returncode != 0:
            failed.append(name)
            typer.echo("\n".join((done.stdout + done.stderr).splitlines()[-30:]))
    raise typer.Exit(1 if failed else 0)


if __name__ == "__main__":
    typer.run(main)
