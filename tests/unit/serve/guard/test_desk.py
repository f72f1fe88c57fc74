"""Guesses, lockouts and their ends on a real Redis: who is locked out, and above all who is not."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import TypeVar

import pytest

from mailcenter.guard.attempt import Attempt, read_attempt
from mailcenter.guard.figures import Figures
from mailcenter.guard.history import Result
from mailcenter.guard.judge import ALLOW
from mailcenter.serve.gate.redis import Redis
from mailcenter.serve.guard.desk import Desk
from mailcenter.serve.guard.history import Begun
from mailcenter.serve.guard.memory import Memory
from mailcenter.settings.identities import GUARD_REDIS_USER
from tests.harness.redis import running_redis
from tests.harness.wait import until

T = TypeVar("T")
FIGURES = Figures(guesses=10, window=600, lockout=600, account_guesses=20)
NOW = 1_800_000_000.0
HOME, OFFICE = "192.0.2.7", "198.51.100.9"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    with running_redis(tmp_path_factory.mktemp("redis")) as place:
        yield place


@pytest.fixture
def login(request: pytest.FixtureRequest) -> str:
    """An account that no other test uses."""
    return f"{request.node.name[:40]}@demo.example"


class Notes:
    """Stands in for the history in PostgreSQL: keeps what it is told."""

    error = ""

    def __init__(self) -> None:
        self.results: list[Result] = []
        self.lockouts: list[Begun] = []

    def note(self, attempt: Attempt, result: Result, now: float) -> None:
        self.results.append(result)

    def note_lockout(self, begun: Begun) -> None:
        self.lockouts.append(begun)


def play(
    place: tuple[Path, Path],
    story: Callable[[Desk], Awaitable[T]],
    figures: Figures = FIGURES,
    notes: Notes | None = None,
    now: Callable[[], float] = lambda: NOW,
) -> T:
    async def run() -> T:
        redis = Redis(*place, user=GUARD_REDIS_USER, timeout=10)
        try:
            return await story(Desk(Memory(redis, figures, now), figures, notes or Notes(), now))
        finally:
            await redis.close()

    return asyncio.run(run())


def attempt(login: str, guess: str, address: str, protocol: str = "imap") -> Attempt:
    read = read_attempt(protocol, address, login, guess)
    assert read is not None
    return read


async def fail(desk: Desk, times: int, login: str, address: str, protocol: str = "imap") -> None:
    for number in range(times):
        await desk.report(attempt(login, f"guess{number}", address, protocol), success=False)


async def locked(desk: Desk, address: str, protocol: str = "imap", login: str = "somebody") -> bool:
    return (await desk.before(attempt(login, "x", address, protocol))).action == "refuse"


def test_ten_different_guesses_lock_one_service(server: tuple[Path, Path], login: str) -> None:
    address = "203.0.113.1"

    async def story(desk: Desk) -> None:
        await fail(desk, 9, login, address)
        assert not await locked(desk, address)
        await desk.report(attempt(login, "the tenth", address), success=False)
        assert await locked(desk, address)
        assert not await locked(desk, address, "pop3")
        assert not await locked(desk, address, "smtp")
        assert not await locked(desk, "203.0.113.2")

    play(server, story)


def test_one_stale_password_again_and_again_is_one_guess(server: tuple[Path, Path], login: str) -> None:
    address = "203.0.113.3"

    async def story(desk: Desk) -> None:
        for _ in range(120):
            await desk.report(attempt(login, "stale", address), success=False)
        assert not await locked(desk, address)

    play(server, story)


def test_passwords_that_were_right_count_not_at_all(server: tuple[Path, Path], login: str) -> None:
    address = "203.0.113.4"

    async def story(desk: Desk) -> None:
        await desk.report(attempt(login, "old", OFFICE), success=True)
        await desk.report(attempt(login, "old", address), success=False)
        failure = await desk.memory.failure(attempt(login, "old", address))
        assert (failure.stale, failure.different) == (True, 0)

    play(server, story)


def test_a_good_login_forgives_its_own_slips_only(server: tuple[Path, Path], login: str) -> None:
    address = "203.0.113.5"

    async def story(desk: Desk) -> None:
        await fail(desk, 5, login, address)
        await fail(desk, 4, f"other-{login}", address)
        await desk.report(attempt(login, "right", address), success=True)
        assert (await desk.memory.failure(attempt(f"other-{login}", "fifth", address))).different == 5

    play(server, story)


def test_a_known_network_has_more_patience(server: tuple[Path, Path], login: str) -> None:
    address = "203.0.113.6"

    async def story(desk: Desk) -> None:
        await desk.report(attempt(login, "right", address), success=True)
        await fail(desk, 29, login, address)
        assert not await locked(desk, address)
        await desk.report(attempt(login, "the thirtieth", address), success=False)
        assert await locked(desk, address)

    play(server, story)


def test_a_spread_attack_stops_strangers_and_not_the_owner(server: tuple[Path, Path], login: str) -> None:
    async def story(desk: Desk) -> None:
        await desk.report(attempt(login, "right", HOME), success=True)
        for number in range(100):
            await desk.report(attempt(login, f"guess{number}", f"10.0.{number}.1"), success=False)
        assert (await desk.before(attempt(login, "right", HOME))) == ALLOW
        assert (await desk.before(attempt(login, "more", "10.99.0.1"))).action == "refuse"
        assert (await desk.before(attempt(f"other-{login}", "x", "10.99.0.1"))) == ALLOW

    play(server, story)


def test_each_lockout_is_twice_as_long_and_logged(
    server: tuple[Path, Path], login: str, caplog: pytest.LogCaptureFixture
) -> None:
    address = "203.0.113.8"

    async def story(desk: Desk) -> None:
        await fail(desk, 10, login, address)
        await fail(desk, 10, login, address)
        (found,) = [one for one in await desk.memory.lockouts() if one.network == address]
        assert 600 < found.left <= 1200
        assert (found.service, found.guesses, found.since) == ("imap", 10, NOW)
        assert await desk.lift("imap", address, forgive=True)
        assert not await desk.lift("imap", address, forgive=True)
        assert not await locked(desk, address)

    with caplog.at_level(logging.WARNING, "guard"):
        play(server, story)
    assert [record.getMessage() for record in caplog.records] == [
        f"Ban {address} imap for 600 s after 10 different guesses",
        f"Ban {address} imap for 1200 s after 10 different guesses",
        f"Unban {address} imap, lifted",
    ]


def test_the_end_is_told_once(server: tuple[Path, Path], login: str, caplog: pytest.LogCaptureFixture) -> None:
    address = "203.0.113.9"
    short = Figures(guesses=3, lockout=0.2)

    def ended() -> bool:
        play(server, lambda desk: desk.tell_ended(), short, now=time.time)
        return any(record.getMessage() == f"Unban {address} imap" for record in caplog.records)

    with caplog.at_level(logging.WARNING, "guard"):
        play(server, lambda desk: fail(desk, 3, login, address), short, now=time.time)
        until(ended, "the end in the log")
        play(server, lambda desk: desk.tell_ended(), short, now=time.time)
    assert [record.getMessage() for record in caplog.records].count(f"Unban {address} imap") == 1
    assert not play(server, lambda desk: locked(desk, address), short, now=time.time)


def test_a_wizard_that_guesses_at_names_is_let_alone(server: tuple[Path, Path], login: str) -> None:
    """Twelve tries: services times spellings of the login, with one password."""
    address = "203.0.113.10"

    async def story(desk: Desk) -> None:
        for name in (login, login.partition("@")[0], login.upper(), f"demo\\{login}"):
            for protocol in ("imap", "pop3", "smtp"):
                await desk.report(attempt(name, f"of {name}", address, protocol), success=False)
        for protocol in ("imap", "pop3", "smtp"):
            assert not await locked(desk, address, protocol)

    play(server, story)


def test_networks_that_are_never_locked(server: tuple[Path, Path], login: str) -> None:
    address = "203.0.113.11"
    figures = Figures(never=(ip_network("203.0.113.11/32"),))

    async def story(desk: Desk) -> None:
        await fail(desk, 50, login, address)
        assert await desk.before(attempt(login, "x", address)) == ALLOW

    play(server, story, figures)


def test_an_hour_of_a_stale_password_is_known_as_such(server: tuple[Path, Path], login: str) -> None:
    """The clock is moved: a phone repeats one password, which was right before, every 30 seconds for an hour."""
    address, clock, notes = "203.0.113.20", [NOW], Notes()

    async def story(desk: Desk) -> None:
        await desk.report(attempt(login, "old", address), success=True)
        for _ in range(120):
            clock[0] += 30
            assert not await locked(desk, address, login=login)
            await desk.report(attempt(login, "old", address), success=False)

    play(server, story, notes=notes, now=lambda: clock[0])
    assert notes.results == ["good", *["old-password"] * 120]
    assert notes.lockouts == []


def test_a_lockout_ends_when_its_time_has_come(server: tuple[Path, Path], login: str) -> None:
    address, clock, notes = "203.0.113.21", [NOW], Notes()

    async def story(desk: Desk) -> None:
        await fail(desk, 10, login, address)
        clock[0] += 599
        assert await locked(desk, address)
        clock[0] += 2
        assert not await locked(desk, address)

    play(server, story, notes=notes, now=lambda: clock[0])
    assert [(one.service, one.network, one.seconds) for one in notes.lockouts] == [("imap", address, 600)]


def test_what_an_owner_lifts_is_not_forgiven(server: tuple[Path, Path], login: str) -> None:
    address = "203.0.113.22"

    async def story(desk: Desk) -> float:
        await fail(desk, 10, login, address)
        assert await desk.lift("imap", address, forgive=False)
        await fail(desk, 10, login, address)
        (found,) = [one for one in await desk.memory.lockouts() if one.network == address]
        return found.left

    assert play(server, story) == 1200


def test_a_right_password_that_was_refused_is_kept_and_not_counted(server: tuple[Path, Path], login: str) -> None:
    notes = Notes()

    async def story(desk: Desk) -> bool:
        for number in range(20):
            desk.right_but_refused(attempt(login, f"app password {number}", HOME))
        return await desk.before(attempt(login, "other", HOME)) == ALLOW

    assert play(server, story, notes=notes)
    assert notes.results == ["refused"] * 20


def test_who_guesses_slowly_gets_fewer_and_fewer_guesses(server: tuple[Path, Path], login: str) -> None:
    """One password every 200 s for half a day; another account's owner at the same address mistypes now and then."""
    address, clock, notes = "203.0.113.30", [NOW], Notes()

    async def story(desk: Desk) -> int:
        looked_at = 0
        for number in range(216):
            clock[0] += 200
            if await locked(desk, address, login=login):
                continue
            looked_at += 1
            await desk.report(attempt(login, f"guess{number}", address), success=False)
        assert not await locked(desk, address, "pop3")
        return looked_at

    assert 30 < play(server, story, notes=notes, now=lambda: clock[0]) < 40
    first = notes.lockouts[0]
    assert (first.guesses, first.window_, first.attacker) == (30, FIGURES.slow_window, True)


def test_honest_mistakes_of_a_day_lock_nobody_out(server: tuple[Path, Path], login: str) -> None:
    """On a network that the account knows: a slip every half hour, a stale password, and one that was never right."""
    address, clock = "203.0.113.31", [NOW]

    async def story(desk: Desk) -> None:
        await desk.report(attempt(login, "old", address), success=True)
        for number in range(48):
            clock[0] += 1800
            for guess in (f"slip {number}", "old", "never right"):
                await desk.report(attempt(login, guess, address), success=False)
            assert not await locked(desk, address, login=login)
            await desk.report(attempt(login, "right", address), success=True)

    play(server, story, now=lambda: clock[0])


def test_slow_guesses_are_counted_for_each_account_and_forgotten(server: tuple[Path, Path], login: str) -> None:
    address, clock = "203.0.113.32", [NOW]

    async def guesses(desk: Desk, name: str, times: int) -> bool:
        for number in range(times):
            clock[0] += 200
            await desk.report(attempt(name, f"{name} {number}", address), success=False)
        return await locked(desk, address, login=name)

    async def story(desk: Desk) -> None:
        for account in range(5):
            assert not await guesses(desk, f"{account}-{login}", 29)
        clock[0] += FIGURES.slow_window
        assert not await guesses(desk, login, 29)
        assert await guesses(desk, login, 30)

    play(server, story, now=lambda: clock[0])


def test_a_lift_forgets_slow_guesses(server: tuple[Path, Path], login: str) -> None:
    address, clock = "203.0.113.33", [NOW]

    async def story(desk: Desk) -> None:
        for number in range(30):
            clock[0] += 200
            await desk.report(attempt(login, f"guess{number}", address), success=False)
        assert await locked(desk, address)
        assert await desk.lift("imap", address, forgive=False)
        await desk.report(attempt(login, "a slip", address), success=False)
        assert not await locked(desk, address)

    play(server, story, now=lambda: clock[0])
