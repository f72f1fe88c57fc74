"""Texts that are put together late, in the language of the reader."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise, lazy


def _format(template: Any, values: dict[str, Any]) -> str:
    return str(template) % values


_lazy = lazy(_format, str)


def lazy_format(template: Promise | str, **values: Any) -> str:
    """`template % values`, evaluated when it is shown."""
    return _lazy(template, values)
