"""Every deed that is ever written down has its plain words, and changes are told so that people understand them."""

from __future__ import annotations

import re
from pathlib import Path

from django.utils import translation

import mailcenter.actions
from mailcenter.center.web.audit_words import ACTIONS, line_of
from mailcenter.directory.models import AuditEntry

_WRITTEN = re.compile(r"""\baudit(?:_named)?\(\s*\w+,\s*"([a-z_]+\.[a-z_]+)\"""")


def _written() -> set[str]:
    folder = Path(mailcenter.actions.__file__).parent
    return {action for file in folder.glob("*.py") for action in _WRITTEN.findall(file.read_text("utf-8"))}


def test_every_action_has_words() -> None:
    assert _written() == set(ACTIONS)


def _details(action: str, changes: dict[str, object]) -> dict[str, str]:
    with translation.override("en"):
        return dict(line_of(AuditEntry(action=action, via="web", changes=changes)).details)


def test_changes_are_told_as_before_and_after() -> None:
    changes: dict[str, object] = {"is_active": [True, False], "catch_all": [None, "post@example.org"]}
    assert _details("domain.change", changes) == {
        "Active": "yes → no",
        "All other addresses go to": "– → post@example.org",
    }
    assert _details("alias.change", {"destinations": [["a@x.test"], ["a@x.test", "b@x.test"]]}) == {
        "Destinations": "a@x.test → a@x.test, b@x.test"
    }


def test_what_was_made_has_no_before() -> None:
    assert _details("alias.create", {"destinations": ["a@x.test", "b@x.test"]}) == {
        "Destinations": "a@x.test, b@x.test"
    }
    assert _details("mailbox.create", {"storage_key": "secret place", "unknown_part": 3}) == {"unknown_part": "3"}


def test_who_acted_without_a_login_is_the_provider() -> None:
    with translation.override("en"):
        assert line_of(AuditEntry(action="x.y", via="cli", changes={})).who == "The provider"
        assert line_of(AuditEntry(action="x.y", via="system", changes={})).who == "The platform"
        assert line_of(AuditEntry(action="x.y", via="web", acting_login="anna", changes={})).deed == "x.y"
