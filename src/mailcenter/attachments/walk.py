"""Examine a message: each part, each file in each archive, each message inside, within the limits.

Containers are opened one inside the other by a stack of iterators, never by recursion, and at most one file of each
level is in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from mailcenter.attachments.budget import Budget, LimitReached
from mailcenter.attachments.containers import archive_entries
from mailcenter.attachments.file_types import HEAD, FileType, file_type, is_installer, is_ole
from mailcenter.attachments.findings import Finding, Limits, Reason, Report
from mailcenter.attachments.item import Content, Item
from mailcenter.attachments.names import extension_of, match_extension, shown
from mailcenter.attachments.parts import message_items
from mailcenter.attachments.unpack import Damaged

_EXECUTABLE: Final = frozenset({Reason.EXTENSION, Reason.TYPE, Reason.SCRIPT})
_MESSAGE_EXTENSIONS: Final = frozenset({"eml", "mht", "mhtml", "nws"})


def examine(
    message: bytes, *, extensions: frozenset[str], clock: Callable[[], float], limits: Limits | None = None
) -> Report:
    """What in the raw message could be executed, and what could not be examined.

    `extensions` in lower case without dot (see the module `extensions`). `clock`: `time.monotonic`, or a test's. Never
    raises for what the message holds.
    """
    return _Examination(limits or Limits(), extensions, clock).run(message)


@dataclass(slots=True)
class _Level:
    """A container that is open: what comes out of it, its own path, the size that its files claim together."""

    items: Iterator[Item]
    path: tuple[str, ...]
    claimed: int = 0


class _Examination:
    def __init__(self, limits: Limits, extensions: frozenset[str], clock: Callable[[], float]) -> None:
        self._limits = limits
        self._extensions = extensions
        self._budget = Budget(limits, clock)
        self._findings: dict[Finding, None] = {}
        self._encrypted: set[tuple[str, ...]] = set()
        self._levels: list[_Level] = []

    def run(self, message: bytes) -> Report:
        self._levels.append(_Level(message_items(message, (), self._limits), ()))
        while self._levels and len(self._findings) < self._limits.findings:
            if not self._step(self._levels[-1]):
                break
        is_complete = not self._levels and all(finding.reason in _EXECUTABLE for finding in self._findings)
        return Report(tuple(self._findings), is_complete)

    def _step(self, level: _Level) -> bool:
        """Take one item from the innermost container; False when nothing more may be looked at."""
        item = None
        try:
            item = next(level.items, None)
            if item is None:
                self._levels.pop()
                return True
            self._budget.check_time()
            if len(self._levels) > 1:
                self._budget.count_entry()
            self._examine(item, level)
        except Damaged as damage:
            self._give_up(level, item, Reason.UNREADABLE, str(damage))
        except LimitReached as reached:
            self._give_up(level, item, reached.reason, reached.detail)
            return not reached.is_final
        return True

    def _give_up(self, level: _Level, item: Item | None, reason: Reason, detail: str) -> None:
        """Report what ended an item, or, where none came out of it any more, its container."""
        if item is None:
            self._levels.pop()
            self._report(level.path[:-1], level.path[-1] if level.path else "", reason, detail)
        else:
            self._report(item.path, item.name, reason, detail)

    def _examine(self, item: Item, level: _Level) -> None:
        is_listed = self._judge_names(item)
        if item.problem is not None:
            self._report(item.path, item.name, item.problem, item.detail)
        if item.is_encrypted and item.path not in self._encrypted:
            self._encrypted.add(item.path)
            self._report(item.path, item.name, Reason.ENCRYPTED)
        level.claimed += item.claimed_size
        if level.claimed > self._limits.unpacked >= level.claimed - item.claimed_size:
            container = level.path[-1] if level.path else ""
            self._report(level.path[:-1], container, Reason.TOO_LARGE, f"claims {level.claimed} bytes and more")
        if item.open is not None and not item.is_encrypted:
            self._judge_content(item, Content(item.open()), is_listed)

    def _judge_names(self, item: Item) -> bool:
        for name in item.names:
            match = match_extension(name, self._extensions)
            if match is not None:
                self._report(item.path, name, Reason.EXTENSION, match.detail)
                return True
        return False

    def _judge_content(self, item: Item, content: Content, is_listed: bool) -> None:
        head = content.head(HEAD)
        if content.damage and not head:
            self._report(item.path, item.name, Reason.UNREADABLE, content.damage)
            return
        if item.is_message:
            self._open_message(item, content)
            return
        found = file_type(head, is_named=bool(item.name))
        if not found.executable and is_ole(head) and is_installer(content.whole(item.size_limit) or b""):
            found = FileType("Windows Installer package")
        if found.executable and not is_listed:
            reason = Reason.SCRIPT if found.is_script else Reason.TYPE
            self._report(item.path, item.name, reason, found.executable)
        if found.archive == "unopened":
            self._report(item.path, item.name, Reason.UNREADABLE, found.detail)
        elif found.archive is not None:
            self._open_archive(item, content, found)
        elif (extension := extension_of(item.name)) in _MESSAGE_EXTENSIONS:
            self._open_message(item, content)
        elif extension == "zip":  # with something before its beginning, which most programs skip
            self._open_archive(item, content, FileType(archive="zip"))

    def _open_archive(self, item: Item, content: Content, found: FileType) -> None:
        data = self._whole(item, content)
        if data is None or found.archive is None:
            return
        path = (*item.path, shown(item.name))
        limit = self._limits.member
        items = (
            Item(
                path,
                (entry.name,) if entry.name else (),
                entry.open,
                limit,
                entry.claimed_size,
                is_encrypted=entry.is_encrypted,
                problem=Reason.UNREADABLE if entry.unreadable else None,
                detail=entry.unreadable,
            )
            for entry in archive_entries(found.archive, data, item.name, self._budget)
        )
        self._levels.append(_Level(items, path))

    def _open_message(self, item: Item, content: Content) -> None:
        data = self._whole(item, content)
        if data is not None:
            path = (*item.path, shown(item.name))
            self._levels.append(_Level(message_items(data, path, self._limits), path))

    def _whole(self, item: Item, content: Content) -> bytes | None:
        """The octets of a container that is to be opened; None, and a finding, where it is too deep or too large."""
        if len(self._levels) > self._limits.depth:
            self._report(item.path, item.name, Reason.TOO_DEEP, f"more than {self._limits.depth} levels of archives")
            return None
        data = content.whole(item.size_limit)
        if data is None:
            detail = f"more than {item.size_limit} bytes unpacked"
            self._report(item.path, item.name, Reason.TOO_LARGE, detail)
        return data

    def _report(self, path: tuple[str, ...], name: str, reason: Reason, detail: str = "") -> None:
        self._findings.setdefault(Finding(path, shown(name), reason, detail))
