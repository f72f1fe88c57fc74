"""Operators are told of new reports once a day at the most, and not at all where they do not want it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from psycopg import Connection

from mailcenter.actions.reports import file_report
from mailcenter.serve.notices.outbox import NotNowError
from mailcenter.serve.notices.reminder import Reminder
from mailcenter.settings.load import load

pytestmark = pytest.mark.django_db
TOLD = ["ops@desk.example", "night@desk.example"]


class Desk:
    """A reminder with its clock, and what it handed to Postfix."""

    def __init__(self, told: list[str]) -> None:
        settings = load()
        self.now = datetime.now(UTC)
        self.taken: list[tuple[str, str]] = []
        self.is_away = False
        settings = settings.model_copy(update={"reports": settings.reports.model_copy(update={"told": told})})
        self._reminder = Reminder(settings, hand_over=self._take, now=lambda: self.now)

    def _take(self, path: Path, recipient: str, content: bytes) -> str:
        if self.is_away:
            raise NotNowError("connection refused")
        message = message_from_bytes(content, policy=policy.default)
        self.taken.append((recipient, str(message["subject"])))
        return "2.0.0 Ok"

    def look(self) -> str:
        connection.ensure_connection()
        raw: Connection[Any] = connection.connection
        return self._reminder.look(raw)


def _report(reference: str) -> None:
    file_report(reference=reference, started_at=timezone.now(), reporter_email="a@b.example", message="x")


def test_each_is_told_once_a_day_of_what_is_new() -> None:
    desk = Desk(TOLD)
    assert (desk.look(), desk.taken) == ("", []), "nothing is new"
    _report("0123456789abc")
    desk.look()
    assert desk.taken == [(address, "New reports: 1") for address in TOLD]
    _report("0123456789abd")
    desk.look()
    assert len(desk.taken) == 2
    desk.now += timedelta(days=1)
    desk.look()
    assert desk.taken[2:] == [(address, "New reports: 1") for address in TOLD], "the old one is not new again"
    desk.now += timedelta(days=1)
    desk.look()
    assert len(desk.taken) == 4


def test_without_postfix_it_waits() -> None:
    desk = Desk(TOLD[:1])
    _report("0123456789abc")
    desk.is_away = True
    assert "ops@desk.example could not be told" in desk.look()
    desk.is_away = False
    assert desk.look() == ""
    assert len(desk.taken) == 1


def test_nobody_who_does_not_want_it_is_told() -> None:
    desk = Desk([])
    _report("0123456789abc")
    desk.look()
    assert desk.taken == []
