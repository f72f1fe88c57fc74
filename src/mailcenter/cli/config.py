"""Check or show the configuration."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import typer
from pydantic import BaseModel

from mailcenter.cli.output import AsJson, print_json, print_rows, say
from mailcenter.engines.table import ENGINES, programs
from mailcenter.settings.load import config_path, load

app = typer.Typer(no_args_is_help=True)


@app.command()
def check() -> None:
    """Read the configuration and render everything from it, without writing or starting anything."""
    settings = load()
    files = sum(len(engine.render(settings)) for engine in ENGINES)
    say(f"{config_path()} is good: {files} files for {len(programs(settings))} processes follow from it")


@app.command()
def show(as_json: AsJson = False) -> None:
    """Every setting with the value in force; those that the file sets are marked."""
    settings = load()
    if as_json:
        print_json(settings.model_dump(mode="json"))
        return
    said = tomllib.loads(config_path().read_text("utf-8"))
    rows = [
        {"setting": name, "value": str(value), "from": "file" if _stands_in(said, name) else "default"}
        for name, value in values(settings)
    ]
    print_rows(rows, ["setting", "value", "from"], as_json=False)


def values(section: BaseModel, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Each setting as `table.name` with its value, in the order of the model."""
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            yield from values(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _stands_in(said: dict[str, Any], name: str) -> bool:
    place: Any = said
    for part in name.split("."):
        if not isinstance(place, dict) or part not in place:
            return False
        place = place[part]
    return True
