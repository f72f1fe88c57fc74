"""`python -m bench.replay`: send corpora through a running platform and account for every mail."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.mails import read
from bench.replay.chaos import VICTIMS
from bench.replay.platform import Platform, PlatformError
from bench.replay.report import show
from bench.replay.run import run


def main(
    corpus: Annotated[list[Path], typer.Option(help="Folder or tar archive of mails; may be given several times.")],
    platform_config: Annotated[Path, typer.Option(help="The running platform's mailcenter.toml.")],
    *,
    kill: Annotated[bool, typer.Option("--kill", help="Kill each part of the platform once on the way.")] = False,
    clients: Annotated[
        bool, typer.Option("--clients", help="State by XCLIENT where each mail once came from.")
    ] = False,
    connections: Annotated[int, typer.Option(min=1, max=50, help="Connections at a time.")] = 8,
    limit: Annotated[int, typer.Option(help="Send only so many mails.")] = 1_000_000,
    seconds: Annotated[float, typer.Option(help="Give up mails that are undecided after so long.")] = 1800,
) -> None:
    """Send every mail of the corpora through the platform and account for each; exit code 1 if one is unexplained."""
    mails = itertools.islice(itertools.chain.from_iterable(read(path) for path in corpus), limit)
    victims = VICTIMS if kill else ()
    try:
        replay = run(
            Platform(platform_config),
            mails,
            connections=connections,
            seconds=seconds,
            victims=victims,
            clients=clients,
        )
    except PlatformError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None
    show(Console(), replay)
    raise typer.Exit(0 if replay.clean else 1)


if __name__ == "__main__":
    typer.run(main)
