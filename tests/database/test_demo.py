"""The demo's people: made once, their printed passwords always working, readable by root only."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from mailcenter.actions.demo import seed_demo
from mailcenter.actions.mailboxes import remove_mailbox
from mailcenter.actions.passwords import set_password
from mailcenter.directory.models import Alias, AuditEntry, Mailbox, User
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings
from tests.database.world import PASSWORD, ROOT


@pytest.fixture
def settings_of_a_demo(tmp_path: Path, db: None) -> Settings:
    return Settings(host_name="mail.demo.example", state_dir=tmp_path, demo=True)


def test_everybody_is_there_and_can_log_in(settings_of_a_demo: Settings) -> None:
    logins = seed_demo(settings_of_a_demo)
    assert {who: login["login"] for who, login in logins.items()} == {
        "operator": "operator",
        "domain_admin": "admin@demo.example",
        "alice": "alice@demo.example",
        "bob": "bob@demo.example",
    }
    for login in logins.values():
        assert User.objects.get(login=login["login"]).check_password(login["password"])
    team = Alias.objects.get(local_part="team")
    assert [item.address for item in team.destinations.all()] == ["alice@demo.example", "bob@demo.example"]
    file = paths(settings_of_a_demo).demo_logins
    assert json.loads(file.read_text()) == logins
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_second_time_changes_nothing(settings_of_a_demo: Settings) -> None:
    logins = seed_demo(settings_of_a_demo)
    deeds = AuditEntry.objects.count()
    assert seed_demo(settings_of_a_demo) == logins
    assert AuditEntry.objects.count() == deeds


def test_what_was_changed_or_removed_is_mended(settings_of_a_demo: Settings) -> None:
    logins = seed_demo(settings_of_a_demo)
    set_password(actor=ROOT, user=User.objects.get(login="operator"), password=PASSWORD)
    remove_mailbox(actor=ROOT, mailbox=Mailbox.objects.get(local_part="bob"))
    again = seed_demo(settings_of_a_demo)
    assert again["alice"] == logins["alice"]
    for who in ("operator", "bob"):
        assert User.objects.get(login=again[who]["login"]).check_password(again[who]["password"])
