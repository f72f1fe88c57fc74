"""Render the templates that lie in a daemon's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2

from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_ENVIRONMENT_OPTIONS: dict[str, Any] = {
    "undefined": jinja2.StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    "autoescape": False,
}


def fill(folder: str, template: str, **values: Any) -> str:
    """Fill a template of the package whose `__file__` is given.

    Raises:
        jinja2.UndefinedError: the template uses a name that nobody gave.
    """
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(Path(folder).parent), **_ENVIRONMENT_OPTIONS)  # noqa: S701 - as above
    return environment.get_template(template).render(**values)


def render(folder: str, template: str, settings: Settings, **values: Any) -> str:
    """Fill a template of a daemon's folder.

    Args:
        folder: the `__file__` of the daemon's package.
        template: file name in that folder.
        values: what the template uses beside `settings` and `paths`, which every template has.

    Raises:
        jinja2.UndefinedError: the template uses a name that nobody gave.
    """
    return fill(folder, template, settings=settings, paths=paths(settings), **values)
