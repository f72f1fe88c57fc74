"""Which names have certificates, when they are renewed, and how their state is written down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailcenter.certificates.names import all_names, names_of
from mailcenter.certificates.pace import pause, renewal
from mailcenter.certificates.source import source_in_force
from mailcenter.certificates.state import LONGEST_DETAIL, Problem, State, read_state
from mailcenter.settings.load import SettingsError, parse
from mailcenter.settings.model import Settings

T0 = datetime(2026, 11, 26, tzinfo=UTC)
BASE = {"host_name": "mail.example.net", "state_dir": "/var/lib/mailcenter"}
OWN_CERTIFICATE = {"certificate": "/etc/ssl/a.pem", "key": "/etc/ssl/a.key"}


def test_the_names_of_a_domain() -> None:
    assert names_of("example.org") == ["autoconfig.example.org", "autodiscover.example.org"]
    assert all_names(["a.example", "b.example"]) == {*names_of("a.example"), *names_of("b.example")}
    long = ".".join(["a" * 60] * 4)  # 243 characters: `autodiscover.` no longer fits
    assert names_of(long) == []
    assert names_of(long[1:]) == [f"autoconfig.{long[1:]}"]


@pytest.mark.parametrize(("days", "left"), [(397, 30), (90, 30), (45, 15), (6, 2)])
def test_renewal(days: int, left: int) -> None:
    end = T0 + timedelta(days=days)
    assert renewal(T0, end) == end - timedelta(days=left)


def test_pauses_grow_where_others_are_asked() -> None:
    look = timedelta(minutes=5)
    dns = [pause(Problem.DNS, tries, look) for tries in range(1, 500)]
    assert dns == sorted(dns)
    assert set(dns[:11]) == {look}
    assert dns[-1] == 32 * look
    for problem in (Problem.MISSING, Problem.UNFIT):
        assert {pause(problem, tries, look) for tries in range(1, 50)} == {look}
    bounds = {
        Problem.OURS: (timedelta(minutes=1), timedelta(hours=1)),
        Problem.UNREACHABLE: (timedelta(minutes=1), timedelta(hours=1)),
        Problem.REFUSED: (timedelta(minutes=20), timedelta(days=1)),
        Problem.LIMITED: (timedelta(hours=1), timedelta(hours=4)),
    }
    for problem, expected in bounds.items():
        grown = [pause(problem, tries, look) for tries in range(1, 500)]
        assert grown == sorted(grown)
        assert (grown[0], grown[-1]) == expected
    assert set(bounds) | {Problem.DNS, Problem.MISSING, Problem.UNFIT} == set(Problem)


@pytest.mark.parametrize("problem", [None, *Problem])
def test_a_state_is_read_as_it_was_written(tmp_path: Path, problem: Problem | None) -> None:
    state = State("a.example", "own", T0 if problem is None else None, T0, problem, "why", 3, "acme x")
    (tmp_path / "a.example.json").write_text(state.to_json())
    assert read_state(tmp_path, "a.example") == state


def test_an_unreadable_state_is_none(tmp_path: Path) -> None:
    assert read_state(tmp_path, "a.example") is None
    for content in ("", "[]", "{}", '{"source": 1, "until": "x"}'):
        (tmp_path / "a.example.json").write_text(content)
        assert read_state(tmp_path, "a.example") is None
    long = State("a.example", "own", None, T0, Problem.OURS, "x" * 10_000, 1)
    assert len(long.to_json()) < LONGEST_DETAIL + 300


@pytest.mark.parametrize(
    ("tls", "said", "source"),
    [({}, None, "own"), (OWN_CERTIFICATE, None, "none"), (OWN_CERTIFICATE, "own", "own"), ({}, "none", "none")],
)
def test_the_own_authority_signs_where_it_signed_for_the_server(
    tls: dict[str, str], said: str | None, source: str
) -> None:
    raw = {**BASE, "tls": tls, "certificates": {"source": said} if said else {}}
    assert source_in_force(parse(raw, source="test")) == source


def test_a_folder_must_be_named() -> None:
    with pytest.raises(SettingsError, match=r"certificates\.folder: must be an absolute path"):
        parse({**BASE, "certificates": {"source": "folder"}}, source="test")
    found: Settings = parse({**BASE, "certificates": {"source": "folder", "folder": "/etc/ssl/x"}}, source="test")
    assert source_in_force(found) == "folder"
