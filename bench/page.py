"""`docs/benchmarks.md`: each benchmark writes a section of its own, and leaves those of the others as they are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
_TITLE = "# Benchmarks\n"
_SECTION = re.compile(r"<!-- begin (\w+) -->\n(.*?)<!-- end \1 -->\n", re.DOTALL)

Section = Literal["stacks", "flood", "detection", "greylist", "guessing", "logins", "lists"]
_ORDER: tuple[Section, ...] = ("stacks", "flood", "detection", "greylist", "guessing", "logins", "lists")


def put(path: Path, section: Section, text: str) -> None:
    """Write one section anew; the page is made where it is missing."""
    before = path.read_text() if path.exists() else ""
    sections = dict(_SECTION.findall(before)) | {section: text.rstrip("\n") + "\n"}
    parts = [f"<!-- begin {name} -->\n{sections[name]}<!-- end {name} -->\n" for name in _ORDER if name in sections]
    path.write_text("\n".join([_TITLE, *parts]))


def table(headings: list[str], lines: list[list[str]]) -> str:
    """A table in Markdown."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [headings, ["---"] * len(headings), *lines])
