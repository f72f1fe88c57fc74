"""The files of a message, as items: its parts, and what stands uuencoded in its texts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from mailcenter.attachments.findings import Limits, Reason
from mailcenter.attachments.header import decoded
from mailcenter.attachments.item import Item
from mailcenter.attachments.mime import MESSAGE_TYPES, Part, walk_parts
from mailcenter.attachments.transfer_encoding import decode_body, decode_uu, uuencoded_files

MOST_FILES_IN_TEXT: Final = 100


def message_items(message: bytes, path: tuple[str, ...], limits: Limits) -> Iterator[Item]:
    """All parts in their order, multiparts too: their names count, though programs should not look there."""
    for part in walk_parts(message, limits):
        yield _item(part, path)
        if part.body and _is_text(part):
            yield from _files_in_text(part, path)


def _item(part: Part, path: tuple[str, ...]) -> Item:
    return Item(
        path,
        names=_names(part),
        open=partial(decode_body, part.body, part.header.encoding) if part.body else None,
        is_message=part.header.content_type in MESSAGE_TYPES,
        problem=part.problem,
        detail=part.detail or ("message/partial" if part.header.content_type == "message/partial" else ""),
    )


def _names(part: Part) -> tuple[str, ...]:
    """A message is called after its subject by some programs, so `.com` at its end says nothing."""
    if part.header.content_type not in MESSAGE_TYPES:
        return part.header.names
    return tuple(name for name in part.header.names if not name.lower().endswith(".com"))


def _is_text(part: Part) -> bool:
    return part.header.content_type in {"", "text/plain", "text/html"} or part.header.content_type.startswith(
        "multipart/"
    )


def _files_in_text(part: Part, path: tuple[str, ...]) -> Iterator[Item]:
    if part.header.encoding in {"base64", "quoted-printable"}:
        text = b"".join(decode_body(part.body, part.header.encoding))
    else:
        text = part.body
    for count, (name, start) in enumerate(uuencoded_files(text)):
        if count >= MOST_FILES_IN_TEXT:
            yield Item(path, problem=Reason.TOO_MANY, detail=f"more than {MOST_FILES_IN_TEXT} files in a text")
            return
        yield Item(path, names=(decoded(name),), open=partial(decode_uu, text, start))
