"""The table that `postmap` makes: whole, only where something differs, and tried again after a fault."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mailcenter.serve.domains.table import DomainTable


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "main.cf").touch()
    return tmp_path


def found(place: Path) -> set[str]:
    command = ["postmap", "-c", str(place), "-s", f"lmdb:{place / 'domains'}"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return {line.partition("\t")[0] for line in lines}


def test_it_holds_what_was_wanted_last(place: Path) -> None:
    table = DomainTable(place / "domains", place)
    for wanted in ({"one.example", "bücher.example"}, {"two.example"}, set()):
        assert table.write(frozenset(wanted))
        assert found(place) == wanted
        assert not table.write(frozenset(wanted))


def test_many_domains(place: Path) -> None:
    wanted = frozenset(f"domain-{number}.a-customer-with-a-long-name.example" for number in range(30_000))
    assert DomainTable(place / "domains", place).write(wanted)
    assert found(place) == wanted


@pytest.mark.parametrize("harm", ["missing", "rubbish", "half rubbish", "another's"])
@pytest.mark.parametrize("ours", [True, False])
def test_a_table_that_is_none_is_made_anew(place: Path, harm: str, ours: bool) -> None:
    """Whether it is lost while the daemon runs, or was when it began."""
    table = DomainTable(place / "domains", place)
    wanted = frozenset(f"domain-{number}.example" for number in range(500))
    table.write(wanted)
    before = table.made
    lies = place / "domains.lmdb"
    match harm:
        case "missing":
            lies.unlink()
        case "rubbish":
            lies.write_bytes(b"rubbish" * 1000)
        case "half rubbish":
            content = lies.read_bytes()
            lies.write_bytes(content[:8192] + b"\xa5" * (len(content) - 8192))
        case _:
            DomainTable(place / "other", place).write(frozenset({"other.example"}))
            (place / "other.lmdb").replace(lies)
    if not ours:
        table = DomainTable(place / "domains", place)
    assert table.write(wanted)
    assert found(place) == wanted
    assert table.made > before or (harm == "another's" and not ours)
    assert not table.write(wanted)


def test_what_failed_is_tried_again(place: Path) -> None:
    table = DomainTable(place / "domains", place)
    (place / "main.cf").unlink()
    with pytest.raises(OSError, match=r"main\.cf"):
        table.write(frozenset({"one.example"}))
    (place / "main.cf").touch()
    assert table.write(frozenset({"one.example"}))
    assert found(place) == {"one.example"}
