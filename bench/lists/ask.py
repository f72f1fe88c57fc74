"""Run in the platform's environment: fill its database, then open every list as each role, as the center does.

Prints JSON: for each path the milliseconds and the number of queries by role. Each request is a transaction behind the
barrier, with the center's role in the database; only the web server is left out.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any, Final

from mailcenter.cli.main import setup_django

setup_django()

from django.conf import settings  # noqa: E402 - models can be imported only after the setup
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from mailcenter.actions.api_keys import SCOPES, create_api_key  # noqa: E402
from mailcenter.actions.base import Actor  # noqa: E402
from mailcenter.actions.users import create_user  # noqa: E402
from mailcenter.directory.models import Organisation, Role, User  # noqa: E402

ROOT: Final = Actor(user=None, via="system")
FILL: Final = Path(__file__).parent / "fill.sql"
PAGES: Final = (
    "/",
    "/mailboxes",
    "/mailboxes?page=60",
    "/mailboxes?q=person0123",
    "/domains",
    "/aliases",
    "/users",
    "/logins",
    "/audit",
    "/ledger",
    "/ledger?verdict=reject",
    "/api/v1/mailboxes?limit=200",
    "/api/v1/domains?limit=200",
    "/api/v1/aliases?limit=200",
    "/api/v1/logins?limit=200",
    "/api/v1/audit?limit=200",
)
_TIMES: Final = 5


def fill() -> None:
    """Ten thousand mailboxes with their history, and statistics of them for the planner."""
    with connection.cursor() as cursor:
        cursor.execute(FILL.read_text())
        cursor.execute("ANALYZE")


def people() -> dict[str, User]:
    """Who looks: a user of each role."""
    organisations = {row.name: row for row in Organisation.objects.filter(name__startswith="bench ")}

    def user(role: Role, organisation: str | None = None) -> User:
        own = organisations[organisation] if organisation else None
        return create_user(actor=ROOT, login=f"bench-{role}", role=role, organisation=own)

    return {
        "operator": user(Role.OPERATOR),
        "reseller": user(Role.RESELLER, "bench 02"),
        "domain administrator": user(Role.DOMAIN_ADMIN, "bench 01"),
        "mailbox owner": User.objects.get(login="person00100@bench101.example"),
    }


def look(client: Client, path: str) -> tuple[float, int] | None:
    """Milliseconds, median, and queries; None where this role has no such list."""
    if client.get(path).status_code in {302, 403}:
        return None
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
        queries = len(captured)
    taken = []
    for _ in range(_TIMES):
        started = time.perf_counter()
        response = client.get(path)
        taken.append(1000 * (time.perf_counter() - started))
        if response.status_code != 200:
            raise SystemExit(f"{path}: {response.status_code}")
    return statistics.median(taken), queries


def main() -> None:
    fill()
    settings.ALLOWED_HOSTS = ["*"]
    found: dict[str, dict[str, Any]] = {path: {} for path in PAGES}
    for name, user in people().items():
        token = create_api_key(actor=ROOT, user=user, name="bench", scopes=SCOPES)[1]
        web, program = Client(), Client(headers={"authorization": f"Bearer {token}"})
        web.force_login(user)
        connection.settings_dict["BARRIER"] = True
        for path in PAGES:
            found[path][name] = look(program if path.startswith("/api/") else web, path)
        connection.settings_dict["BARRIER"] = False
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
