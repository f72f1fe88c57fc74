"""Files are written and checked; what is refused does not stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailcenter.engines.base import EngineError, Health, RenderedFile
from mailcenter.engines.plain import PlainEngine
from mailcenter.engines.platform import applied as record
from mailcenter.engines.platform.applied import Applied
from mailcenter.engines.platform.files import settle
from mailcenter.engines.tls import USED_BY
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings


class _Daemon(PlainEngine):
    """Refuses a file with the word "bad" in it."""

    name = "daemon"

    def __init__(self, **contents: str) -> None:
        self.contents = contents
        self.checks = 0

    def render(self, settings: Settings) -> list[RenderedFile]:
        etc = paths(settings).etc(self.name)
        return [RenderedFile(etc / name, content) for name, content in self.contents.items()]

    def check(self, settings: Settings) -> None:
        self.checks += 1
        if any("bad" in file.path.read_text() for file in self.render(settings)):
            raise EngineError("daemon: line 1: bad")

    def health(self, settings: Settings) -> Health:
        return Health(True, "")


def _etc(settings: Settings) -> Path:
    return paths(settings).etc("daemon")


def _on_disk(settings: Settings) -> dict[str, str]:
    return {file.name: file.read_text() for file in _etc(settings).iterdir()}


def test_nothing_new_is_not_checked_again(demo: Settings) -> None:
    daemon, applied = _Daemon(one="good"), Applied()
    first = settle(demo, daemon, applied)
    assert settle(demo, daemon, applied) == first
    assert daemon.checks == 1


def test_a_file_spoiled_by_hand_is_written_and_checked_anew(demo: Settings) -> None:
    daemon, applied = _Daemon(one="good"), Applied()
    settle(demo, daemon, applied)
    (_etc(demo) / "one").write_text("by hand")
    settle(demo, daemon, applied)
    assert (_on_disk(demo), daemon.checks) == ({"one": "good"}, 2)


def test_what_is_refused_does_not_stay(demo: Settings) -> None:
    daemon, applied = _Daemon(one="good", two="fine"), Applied()
    settle(demo, daemon, applied)
    before = Applied(list(applied.files), applied.checked, applied.running)
    daemon.contents = {"one": "bad", "three": "new"}
    with pytest.raises(EngineError, match="line 1: bad"):
        settle(demo, daemon, applied)
    assert _on_disk(demo) == {"one": "good", "two": "fine"}
    assert applied == before


def test_a_file_no_longer_rendered_is_removed(demo: Settings) -> None:
    daemon, applied = _Daemon(one="good", two="fine"), Applied()
    settle(demo, daemon, applied)
    daemon.contents = {"one": "good"}
    settle(demo, daemon, applied)
    assert (_on_disk(demo), daemon.checks) == ({"one": "good"}, 2)


def test_the_record_is_kept(demo: Settings) -> None:
    assert record.read(demo) == {}
    kept = {"daemon": Applied(["/x"], "a", "b")}
    record.write(demo, kept)
    assert record.read(demo) == kept
    (paths(demo).run("supervisor") / "applied.json").write_text("[torn")
    assert record.read(demo) == {}


def test_a_new_certificate_concerns_those_who_use_it(demo: Settings) -> None:
    user, other = _Daemon(one="good"), _Daemon(one="good")
    user.name = USED_BY[0]
    before = [record.digest(demo, engine, []) for engine in (user, other)]
    paths(demo).certificate.parent.mkdir(parents=True)
    paths(demo).certificate.write_text("new")
    after = [record.digest(demo, engine, []) for engine in (user, other)]
    assert before[0] != after[0]
    assert before[1] == after[1]
