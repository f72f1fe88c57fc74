"""An account's sessions are counted only where they could be too many, and nobody is refused without an answer."""

from __future__ import annotations

import asyncio
from collections import Counter

from mailcenter.serve.logins.crowd import Crowd


class Anvil:
    """Tells so many sessions of each login; `None`: it does not answer."""

    def __init__(self, **sessions: int) -> None:
        self.sessions: Counter[str] | None = Counter(sessions)
        self.asked = 0

    async def ask(self) -> str:
        self.asked += 1
        await asyncio.sleep(0)
        if self.sessions is None:
            raise OSError("no anvil")
        return "".join(f"imap/192.0.2.1/{login}\t{10 + n}\t{n}\n" for login, n in self.sessions.items()) + "\n"


def logins(crowd: Crowd, *names: str) -> list[bool]:
    """Whether each is one too many, one after the other."""

    async def all_of_them() -> list[bool]:
        return [await crowd.is_full(name) for name in names]

    return asyncio.run(all_of_them())


def test_few_logins_cost_no_question() -> None:
    anvil = Anvil(anna=3)
    assert logins(Crowd(3, anvil.ask), "anna", "anna", "anna") == [False] * 3
    assert anvil.asked == 0


def test_the_one_too_many_is_refused() -> None:
    anvil = Anvil(anna=3, ben=2)
    assert logins(Crowd(3, anvil.ask), *["anna"] * 4, "ben", "ben") == [False, False, False, True, False, False]
    assert anvil.asked == 2


def test_many_short_sessions_are_no_crowd() -> None:
    anvil = Anvil(webmail=1)
    assert logins(Crowd(3, anvil.ask), *["webmail"] * 20) == [False] * 20
    assert anvil.asked <= 10


def test_without_an_answer_nobody_is_refused() -> None:
    anvil = Anvil(anna=3)
    crowd = Crowd(3, anvil.ask)
    assert logins(crowd, *["anna"] * 4)[-1] is True
    anvil.sessions = None
    assert logins(crowd, *["anna"] * 10) == [False] * 10


def test_many_at_once_ask_once() -> None:
    anvil = Anvil(anna=3)
    crowd = Crowd(3, anvil.ask)

    async def at_once() -> list[bool]:
        for _ in range(3):
            await crowd.is_full("anna")
        return await asyncio.gather(*(crowd.is_full("anna") for _ in range(50)))

    assert asyncio.run(at_once()) == [True] * 50
    assert anvil.asked == 1
