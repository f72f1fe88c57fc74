"""The settings reference, generated from the types: docs/settings.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from types import NoneType, UnionType
from typing import Annotated, Any, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from mailcenter.settings.model import Section, Settings

_HEAD = """\
# Settings

Generated from `src/mailcenter/settings/model/` by `make generate`; do not change by hand.

All settings stand in one file, `mailcenter.toml`: `/etc/mailcenter/mailcenter.toml` on a server,
`var/mailcenter.toml` in a checkout, or the file that `MAILCENTER_CONFIG` names. `mailcenter config check` says what
is wrong with it; `mailcenter up` puts changes into force. A wrong setting stops the start with its name, the reason
and the remedy.
"""


def settings_page() -> str:
    """The whole page as Markdown."""
    return _HEAD + "".join(_section("", Settings))


def _section(name: str, section: type[Section]) -> Iterator[str]:
    title = f"`[{name}]`" if name else "Top of the file"
    yield f"\n## {title}\n\n{(section.__doc__ or '').strip()}\n\n"
    yield "| setting | type | default | meaning |\n|---|---|---|---|\n"
    parts: list[tuple[str, type[Section]]] = []
    for field_name, field in section.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            parts.append((field_name, field.annotation))
        else:
            yield f"| `{field_name}` | {_type(field)} | {_default(field)} | {field.description} |\n"
            parts.extend((f"[{field_name}]", repeated) for repeated in _repeated(field))
    for part_name, part in parts:
        yield from _section(part_name, part)


def _repeated(field: FieldInfo) -> Iterator[type[Section]]:
    """The sections that a list holds."""
    for member in (field.annotation, *get_args(field.annotation)):
        for held in get_args(member):
            if isinstance(held, type) and issubclass(held, Section):
                yield held


def _type(field: FieldInfo) -> str:
    return f"`{_named(field.annotation).replace('|', 'or')}`"


def _named(annotation: Any) -> str:
    """A type as people write it; of an annotated one only the type, as its checks would print as code."""
    members = get_args(annotation)
    if get_origin(annotation) is Annotated:
        return _named(members[0])
    if get_origin(annotation) in (dict, list):
        return f"{get_origin(annotation).__name__}[{', '.join(map(_named, members))}]"
    if get_origin(annotation) is UnionType:
        return " or ".join(map(_named, members))
    name = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    return "None" if annotation is NoneType else name.removeprefix("typing.")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "(must be set)"
    value = field.get_default(call_default_factory=False)
    if value is None or value is PydanticUndefined:
        return "(none)"
    return f"`{str(value)!r}`" if isinstance(value, PurePath) else f"`{value!r}`"
