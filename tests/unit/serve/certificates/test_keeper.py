"""What the keeper does with each name, by a clock that the test moves."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from mailcenter.certificates.issue import Authority
from mailcenter.certificates.state import Problem
from mailcenter.serve.certificates.folder import Folder
from mailcenter.serve.certificates.keeper import Keeper
from mailcenter.serve.certificates.own import OwnAuthority
from mailcenter.serve.certificates.source import NotObtainedError
from mailcenter.serve.certificates.store import Store
from mailcenter.settings.paths import Paths

A, B = "autoconfig.a.example", "autoconfig.b.example"
LOOK_EVERY = timedelta(minutes=5)
AUTHORITY = Authority.make("test")


def issue(name: str, days: int = 90) -> bytes:
    key, chain = AUTHORITY.issue(
        name, [x509.DNSName(name)], [ExtendedKeyUsageOID.SERVER_AUTH], life=timedelta(days=days)
    )
    return (key + chain).encode()


class Played:
    """A source whose answers the test sets."""

    def __init__(self, name: str = "played") -> None:
        self.name = name
        self.asked: list[str] = []
        self.problem: Problem | None = None
        self.broken = False
        self.answer: bytes | None = None

    def is_current(self, name: str, pem: bytes, certificate: x509.Certificate) -> bool:
        return True

    def obtain(self, name: str) -> bytes:
        self.asked.append(name)
        if self.broken:
            raise RuntimeError("unforeseen")
        if self.problem:
            raise NotObtainedError(self.problem, "because")
        return self.answer or issue(name)


class World:
    """Keeper, store and clock."""

    def __init__(self, folder: Path) -> None:
        (folder / "names").mkdir()
        (folder / "states").mkdir()
        self.store = Store(folder / "names", folder / "states")
        self.source = Played()
        self.now = datetime.now(UTC)
        self.keeper = self.restarted()

    def restarted(self) -> Keeper:
        self.keeper = Keeper(self.store, self.source, look_every=LOOK_EVERY, clock=lambda: self.now)
        return self.keeper

    def round(self, *wanted: str) -> list[str]:
        """One round; gives the names that the source was asked for."""
        self.source.asked.clear()
        self.keeper.round(set(wanted), between=lambda: True)
        return list(self.source.asked)

    def pass_by(self, **much: float) -> None:
        self.now += timedelta(**much)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_new_name_gets_one_and_keeps_it(world: World, tmp_path: Path) -> None:
    assert world.round(A, B) == [A, B]
    first = world.store.certificate(A)
    world.pass_by(days=50)
    assert world.round(A, B) == []
    assert world.restarted()
    assert world.round(A, B) == []
    assert world.store.certificate(A) == first
    assert stat.S_IMODE((tmp_path / "names" / f"{A}.pem").stat().st_mode) == 0o640
    assert (world.keeper.count().names, world.keeper.count().held, world.keeper.count().failing) == (2, 2, 0)


def test_a_name_that_goes_takes_all_with_it(world: World, tmp_path: Path) -> None:
    world.round(A, B)
    world.restarted()
    world.round(B)
    assert {file.stem for file in tmp_path.rglob("*.*") if file.is_file()} == {B}


def test_it_is_renewed_when_30_days_are_left(world: World) -> None:
    world.round(A)
    world.pass_by(days=59, hours=20)
    assert world.round(A) == []
    world.pass_by(hours=5)
    world.source.answer = issue(A, days=180)
    assert world.round(A) == [A]
    assert world.store.certificate(A) == world.source.answer


def test_one_that_cannot_be_renewed_serves_to_its_end(world: World) -> None:
    world.round(A)
    before = world.store.certificate(A)
    world.source.problem = Problem.OURS
    world.pass_by(days=61)
    assert world.round(A) == [A]
    state = world.store.state(A)
    assert state is not None
    assert (state.problem, state.detail, state.tries) == (Problem.OURS, "because", 1)
    assert state.until is not None
    assert world.store.certificate(A) == before
    assert world.keeper.count().failing == 1


def test_pauses_hold_over_a_restart(world: World) -> None:
    world.source.problem = Problem.OURS
    assert world.round(A) == [A]
    world.restarted()
    assert world.round(A) == []
    world.pass_by(seconds=61)
    assert world.round(A) == [A]
    world.pass_by(seconds=61)
    assert world.round(A) == []
    world.pass_by(seconds=60)
    assert world.round(A) == [A]


def test_a_lost_or_broken_file_is_made_anew(world: World) -> None:
    world.round(A, B)
    world.store.keep(A, b"broken")
    world.store.remove(B)
    world.pass_by(hours=1, seconds=1)
    assert world.round(A, B) == [A, B]


def test_another_source_begins_anew_and_what_it_finds_serves_on(world: World) -> None:
    world.round(A)
    first = world.store.certificate(A)
    world.source = Played("another")
    world.source.problem = Problem.OURS
    for _ in range(2):
        world.restarted()
        assert world.round(A) == [A]
        assert world.store.certificate(A) == first
        world.pass_by(hours=2)
    world.source.problem = None
    assert world.round(A) == [A]
    assert world.store.certificate(A) != first


def test_what_the_own_authority_signed_does_not_serve_on(world: World) -> None:
    world.source = Played("own")
    world.restarted()
    world.round(A)
    world.source = Played("another")
    world.source.problem = Problem.DNS
    world.restarted()
    world.round(A)
    assert world.store.certificate(A) is None
    state = world.store.state(A)
    assert state is not None
    assert (state.until, state.held_from) == (None, "")


def test_what_does_not_fit_never_serves(world: World) -> None:
    world.source.answer = issue(B)
    world.round(A)
    state = world.store.state(A)
    assert state is not None
    assert (state.problem, state.detail) == (Problem.UNFIT, f"it is for {B}")
    assert world.store.certificate(A) is None


def test_a_new_name_is_before_all_others(world: World) -> None:
    world.source.problem = Problem.MISSING
    world.round(A)
    world.restarted()
    world.pass_by(minutes=6)
    assert world.round(A, B) == [B, A]


def test_a_fault_of_ours_at_one_name_is_no_other_names(world: World) -> None:
    world.source.broken = True
    assert world.round(A, B) == [A, B]
    state = world.store.state(A)
    assert state is not None
    assert (state.problem, state.detail.partition(";")[0]) == (Problem.OURS, "RuntimeError")


def test_a_round_ends_where_it_is_told_to(world: World) -> None:
    assert not world.keeper.round({A, B}, between=lambda: False)
    assert len(world.source.asked) == 1
    assert len(world.round(A, B)) == 1


def test_the_own_authority(tmp_path: Path) -> None:
    place = Paths(tmp_path)
    source = OwnAuthority(place)
    with pytest.raises(NotObtainedError, match="the own authority cannot be used"):
        source.obtain(A)
    for file, content in ((place.ca_certificate, AUTHORITY.certificate_pem), (place.ca_key, AUTHORITY.key_pem)):
        file.parent.mkdir(exist_ok=True)
        file.write_text(content)
    pem = source.obtain(A)
    certificate = x509.load_pem_x509_certificates(pem)[0]
    assert source.is_current(A, pem, certificate)
    place.ca_certificate.write_text(Authority.make("another").certificate_pem)
    assert not source.is_current(A, pem, certificate)


def test_a_folder(tmp_path: Path) -> None:
    source = Folder(tmp_path)
    with pytest.raises(NotObtainedError, match=rf"neither {A}\.pem nor _\.a\.example\.pem") as missing:
        source.obtain(A)
    assert missing.value.problem is Problem.MISSING
    (tmp_path / "_.a.example.pem").write_bytes(wildcard := issue("*.a.example"))
    assert source.obtain(A) == wildcard
    (tmp_path / f"{A}.pem").write_bytes(own := issue(A))
    assert source.obtain(A) == own
    certificate = x509.load_pem_x509_certificates(own)[0]
    assert source.is_current(A, own, certificate)
    (tmp_path / f"{A}.pem").write_bytes(issue(A))
    assert not source.is_current(A, own, certificate)
    (tmp_path / f"{B}.pem").mkdir()
    with pytest.raises(NotObtainedError, match="cannot be read") as unreadable:
        source.obtain(B)
    assert unreadable.value.problem is Problem.OURS
