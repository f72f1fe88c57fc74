"""The logins daemon's side of the directory: what it reads of an account, and the little that it may note."""

from __future__ import annotations

from dataclasses import dataclass

from mailcenter.serve.gate.database import Database


@dataclass(frozen=True, slots=True)
class Account:
    """A mailbox that may be logged in to. `password` is its hash; `home` below the folder of all mail."""

    user_id: int
    password: str
    home: str
    quota_bytes: int
    active: bool


_ASK = "SELECT user_id, password, home, quota_bytes, active FROM engine.ask_login_account(%s)"


class Accounts:
    """Every method raises UnavailableError where PostgreSQL does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, address: str) -> Account | None:
        """By any spelling of its address, in lower case."""
        rows = await self._database.rows(_ASK, address)
        return Account(*rows[0]) if rows else None

    async def renew(self, account: Account, password: str) -> None:
        """A hash takes the place of the one that was read, unless that was changed meanwhile."""
        await self._database.rows(
            "SELECT engine.renew_password_hash(%s, %s, %s)", account.user_id, account.password, password
        )

    async def ask(self) -> None:
        """That PostgreSQL answers."""
        await self._database.rows("SELECT 1")
