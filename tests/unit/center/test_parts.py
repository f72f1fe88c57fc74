"""The small parts of the screens: facts, reasons, the file of the watching program, times, addresses, quotas."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from mailcenter.center.web import health
from mailcenter.center.web.errors import server_error
from mailcenter.center.web.facts import facts_of
from mailcenter.center.web.forms.mailboxes import GIGABYTE, ChangeMailboxForm
from mailcenter.center.web.reasons import reason
from mailcenter.directory.models import Mailbox
from mailcenter.ledger.story import RecipientState, Summary
from mailcenter.mail.reply import bare_reply
from mailcenter.settings.paths import Paths

NOW = datetime(2026, 11, 22, 4, 15, tzinfo=UTC)
REFUSED = Summary(
    reference="0000000000001",
    node="node1",
    started_at=NOW,
    ended_at=NOW,
    service="mx",
    client_address="192.0.2.1",
    client_name="",
    login="",
    mail_from="a@b.example",
    header_from="",
    subject="",
    size=0,
    score=None,
    verdict="reject",
    code=550,
    enhanced="5.1.1",
    reply="",
    rule="",
    queue_id="",
    recipients=(RecipientState("c@d.example", "unknown", "reject", "refused", rule="unknown-recipient"),),
    outcome="refused",
)


def test_facts_are_sorted_for_reading() -> None:
    raw = {
        "ms": {"eom": 65.45, "odd": "no number", "rspamd": 60},
        "symbols": {"B": 0.0, "A": 0.0, "SPAM": 5.5, "HAM": -7, "DESCRIBED": {"score": 1, "description": "why"}},
        "viruses": [],
        "authentication": ["spf=pass", "dkim=pass"],
        "later": {"x": [1, 2]},
    }
    with translation.override("en"):
        facts = facts_of(raw)
        assert [symbol.name for symbol in facts.symbols] == ["HAM", "SPAM", "DESCRIBED", "A", "B"]
        assert [(str(title), value) for title, value in facts.times] == [
            ("Check of the content in all", 65.45),
            ("Spam filter", 60.0),
        ]
        assert [value for _title, value in facts.others] == ["spf=pass, dkim=pass", "x: 1, 2"]


@pytest.mark.parametrize("raw", [{}, {"symbols": None, "ms": []}, {"symbols": ["no", "mapping"], "ms": "x"}])
def test_facts_of_another_shape_do_no_harm(raw: dict[str, object]) -> None:
    assert not facts_of(raw)


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        (REFUSED, "This address does not exist here."),
        (replace(REFUSED, rule="unavailable-rspamd"), "A part of this platform was not ready"),
        (replace(REFUSED, rule="of-tomorrow", reply="5.7.1 because [0000000000001]"), "because"),
        (replace(REFUSED, verdict="accept", rule="spam"), ""),
    ],
)
def test_the_reason_of_a_refusal(summary: Summary, said: str) -> None:
    with translation.override("en"):
        assert str(reason(summary)).startswith(said)


def test_a_bare_reply_keeps_brackets_that_are_no_reference() -> None:
    assert bare_reply("4.3.0 <a@[192.0.2.1]>: later [too short]") == "<a@[192.0.2.1]>: later [too short]"


def _seen(at: datetime, *, healthy: bool = True) -> str:
    process = {"name": "redis", "state": "RUNNING", "pid": 1, "uptime": 60, "restarts": 2}
    engine = {"name": "redis", "healthy": healthy, "detail": "answers", "remedy": "", "processes": [process]}
    return json.dumps({"at": at.isoformat(), "engines": [engine]})


@pytest.fixture
def status_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "MAILCENTER_PATHS", Paths(tmp_path))
    file = Paths(tmp_path).status
    file.parent.mkdir(parents=True)
    return file


def test_the_watchers_word_counts_while_it_is_fresh(status_file: Path) -> None:
    now = datetime.now(UTC)
    status_file.write_text(_seen(now))
    fresh = health.status()
    assert fresh.ok
    assert (fresh.parts[0].restarts, fresh.parts[0].since) == (2, now - timedelta(seconds=60))
    status_file.write_text(_seen(now, healthy=False))
    assert [part.name for part in health.status().broken] == ["redis"]
    status_file.write_text(_seen(now - health.STALE))
    assert not health.status().known


@pytest.mark.parametrize("content", ["", "{", "[]", '{"at": 1}', '{"at": "2026-01-01T00:00:00+00:00", "engines": [1]}'])
def test_a_broken_word_of_the_watcher_is_an_unknown_state(status_file: Path, content: str) -> None:
    status_file.write_text(content)
    assert not health.status().known
    status_file.unlink()
    assert not health.status().known


def _render(source: str, **values: object) -> str:
    request = RequestFactory().get("/ledger?q=a%26b&page=3&verdict=")
    return Template("{% load center %}" + source).render(Context({"request": request, **values}))


def test_a_time_is_told_in_utc_until_the_browser_knows_better() -> None:
    shown = _render("{% when moment %}", moment=NOW)
    assert 'datetime="2026-11-22T04:15:00+00:00"' in shown
    assert "04:15 UTC" in shown
    assert _render("{% when moment %}", moment=None) == "–"


def test_what_strangers_wrote_is_never_markup() -> None:
    shown = _render("{{ value|address }}", value='<script>"@x.example')
    assert "<script" not in shown
    assert "<wbr>@" in shown


def test_the_query_keeps_what_is_not_changed() -> None:
    assert _render("{% query page=4 %}") == "?q=a%26b&amp;page=4"


def test_an_icon_that_is_not_served_is_an_error() -> None:
    with pytest.raises(ValueError, match="not listed"):
        _render("{% icon 'no-such-icon' %}")


@pytest.mark.parametrize(
    ("quota", "shown"), [(0, None), (GIGABYTE, "1"), (3 * GIGABYTE // 2, "1.5"), (100 * GIGABYTE, "100")]
)
def test_a_quota_is_shown_in_gigabytes(quota: int, shown: str | None) -> None:
    form = ChangeMailboxForm(mailbox=Mailbox(quota_bytes=quota))
    assert form["quota"].value() == (None if shown is None else Decimal(shown))
    assert (f'value="{shown}"' in str(form["quota"])) == (shown is not None)


def test_an_odd_quota_survives_the_change_of_something_else() -> None:
    odd = Mailbox(quota_bytes=1000)
    form = ChangeMailboxForm({"display_name": "x", "quota": "0", "is_active": "on"}, mailbox=odd)
    assert form.is_valid()
    assert "quota_bytes" not in form.cleaned_data
    form = ChangeMailboxForm({"display_name": "x", "quota": "", "is_active": "on"}, mailbox=odd)
    assert form.is_valid()
    assert form.cleaned_data["quota_bytes"] == 0


@pytest.mark.parametrize(
    ("language", "said"), [("de", "Auf unserer Seite ging etwas schief"), ("en", "Something went wrong on our side")]
)
def test_the_page_for_our_own_fault_needs_no_database(language: str, said: str) -> None:
    """Nothing may ask the database here: outside of a test marked for it, that is an error."""
    answer = server_error(RequestFactory().get("/", headers={"accept-language": language}))
    assert answer.status_code == 500
    assert said in answer.content.decode()
