"""The logins daemon's side of the directory: what it reads of an account, and the little that it may note."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mailcenter.serve.gate.database import Database


@dataclass(frozen=True, slots=True)
class Account:
    """A mailbox that may be logged in to. `password` is its hash; `home` below the folder of all mail."""

    user_id: int
    password: str
    home: str
    quota_bytes: int
    active: bool
    mailbox_id: int
    app_passwords_only: bool
    weak: bool
    judged: int | None
    minimum: int | None
    deadline: date | None
    about: list[str]


@dataclass(frozen=True, slots=True)
class AppPassword:
    """One that was given, and the services it opens."""

    id: int
    services: list[str]


_ASK = (
    "SELECT user_id, password, home, quota_bytes, active, mailbox_id, app_passwords_only, weak, judged,"
    " minimum, deadline, about FROM engine.ask_login_account(%s)"
)


class Accounts:
    """Every method raises UnavailableError where PostgreSQL does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, address: str) -> Account | None:
        """By any spelling of its address, in lower case."""
        rows = await self._database.rows(_ASK, address)
        return Account(*rows[0]) if rows else None

    async def app_password(self, account: Account, digest: str) -> AppPassword | None:
        """The account's app password of this digest."""
        rows = await self._database.rows(
            "SELECT id, services FROM engine.ask_app_password(%s, %s)", account.mailbox_id, digest
        )
        return AppPassword(*rows[0]) if rows else None

    async def note_use(self, used: AppPassword, service: str, address: str, country: str, program: str) -> None:
        """When, by what and from where it was used last."""
        await self._database.rows(
            "SELECT engine.note_app_password(%s, %s, %s, %s, %s)", used.id, service, address, country, program
        )

    async def renew(self, account: Account, password: str) -> None:
        """A hash takes the place of the one that was read, unless that was changed meanwhile."""
        await self._database.rows(
            "SELECT engine.renew_password_hash(%s, %s, %s)", account.user_id, account.password, password
        )

    async def note_strength(self, account: Account, *, weak: bool, minimum: int) -> None:
        """Whether the password of the hash that was read is weaker than this policy allows."""
        await self._database.rows(
            "SELECT engine.note_password_strength(%s, %s, %s, %s)", account.user_id, account.password, weak, minimum
        )

    async def tell_weak(self, account: Account, last_day: date | None) -> None:
        """A mail to the owner, unless he had this one already."""
        await self._database.rows("SELECT engine.tell_weak_password(%s, %s)", account.user_id, last_day)

    async def ask(self) -> None:
        """That PostgreSQL answers."""
        await self._database.rows("SELECT 1")
