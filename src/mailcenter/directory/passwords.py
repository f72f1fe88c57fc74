"""Django's side of the password hashes: it makes Argon2id, and upgrades what was imported at the next good login."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, BasePasswordHasher

from mailcenter.passwords import imported
from mailcenter.passwords.argon2id import Cost


def current_cost() -> Cost:
    """What a hash costs that is made now."""
    passwords = settings.MAILCENTER.passwords
    return Cost(passwords.passes, passwords.memory)


class MailArgon2Hasher(Argon2PasswordHasher):
    """Stored as `argon2$argon2id$v=19$…`; another cost than today's is upgraded as well."""

    parallelism = 1

    def __init__(self) -> None:
        cost = current_cost()
        self.time_cost, self.memory_cost = cost.passes, cost.memory


class ImportedHasher(BasePasswordHasher):
    """Hashes that came from another system, as `passwords.imported` stores them; none is ever made."""

    algorithm = imported.START

    def verify(self, password: str, encoded: str) -> bool:
        return imported.imported_matches(password, encoded)

    def encode(self, password: str, salt: str) -> str:
        raise NotImplementedError("only Argon2id hashes are made")

    def decode(self, encoded: str) -> dict[str, Any]:
        return {"algorithm": self.algorithm, "salt": ""}

    def safe_summary(self, encoded: str) -> Any:
        return {"algorithm": encoded.split("$")[1]}

    def must_update(self, encoded: str) -> bool:
        return True

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing: how long a comparison takes differs by what was imported anyway."""
