"""The form for strangers: who may report what, how often, and that no robot does."""

from __future__ import annotations

import time
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from mailcenter.actions.reports import MOST_PER_NETWORK, MOST_PER_REFERENCE
from mailcenter.center.web import robots
from mailcenter.directory.models import AuditEntry, RefusalReport
from tests.database.ledger_rows import transaction

pytestmark = pytest.mark.django_db


def _refused(number: int = 1, **changes: Any) -> str:
    no = {"verdict": "reject", "code": 554, "enhanced": "5.7.1"}
    text = "the message looks like spam (score 12.0)"
    made = transaction(
        number, {"address": "post@ours.example", **no, "reply": text}, **{**no, "reply": text, **changes}
    )
    return made.reference


def _filled_in(reference: str, **changes: str) -> dict[str, str]:
    """The form as a person fills it in who has waited long enough."""
    with mock.patch("mailcenter.center.web.robots.time.time", return_value=time.time() - 60):
        challenge = robots.challenge_for(reference)
    values = {
        "reporter_name": "P. Master",
        "reporter_email": "postmaster@elsewhere.example",
        "message": "It was an honest mail.",
        "challenge": challenge,
        "total": str(sum(robots.numbers(challenge))),
        "proof": "",
        "website": "",
    }
    return values | changes


def _post(reference: str, values: dict[str, str], address: str = "198.51.100.7") -> Any:
    return Client().post(f"/r/{reference}/report", values, headers={"x-real-ip": address, "accept-language": "de"})


def test_a_report_is_filed() -> None:
    reference = _refused()
    answer = _post(reference, _filled_in(reference))
    assert (answer.status_code, answer.headers["location"]) == (302, f"/r/{reference}/reported")
    report = RefusalReport.objects.get()
    assert (report.reference, report.reporter_email) == (reference, "postmaster@elsewhere.example")
    assert (report.language, report.reporter_network, report.status) == ("de", "198.51.100.0/24", "open")
    assert AuditEntry.objects.get(action="report.create").via == "system"
    assert "Ihre Meldung ist angekommen" in Client().get(f"/r/{reference}/reported?lang=de").content.decode()


def test_without_the_token_of_the_page_nothing_is_taken() -> None:
    reference = _refused()
    client = Client(enforce_csrf_checks=True)
    assert client.post(f"/r/{reference}/report", _filled_in(reference)).status_code == 403
    page = client.get(f"/r/{reference}/report", secure=True).content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    values = _filled_in(reference) | {"csrfmiddlewaretoken": token}
    answer = client.post(f"/r/{reference}/report", values, headers={"referer": "https://testserver/"}, secure=True)
    assert answer.status_code == 302
    assert RefusalReport.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"website": "https://spam.example"},
        {"total": "1"},
        {"total": "", "proof": "1"},
        {"challenge": "forged"},
        {"reporter_email": "not an address"},
        {"reporter_email": "a@b.example\nBcc: c@d.example"},
        {"message": " "},
        {"message": "x" * 5000},
        {"reporter_name": "x" * 300},
    ],
    ids=str,
)
def test_what_is_not_taken(changes: dict[str, str]) -> None:
    reference = _refused()
    answer = _post(reference, _filled_in(reference, **changes))
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert not RefusalReport.objects.exists()


def test_the_form_keeps_what_was_typed_and_escapes_it() -> None:
    reference = _refused()
    page = _post(reference, _filled_in(reference, message="<script>alert(1)</script>", total="1")).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_only_some_reports_about_one_mail() -> None:
    reference = _refused()
    for number in range(MOST_PER_REFERENCE):
        assert _post(reference, _filled_in(reference), f"203.0.113.{number}").status_code == 302
    assert _post(reference, _filled_in(reference)).status_code == 200
    assert RefusalReport.objects.count() == MOST_PER_REFERENCE


def test_only_some_reports_from_one_network() -> None:
    for number in range(MOST_PER_NETWORK + 1):
        reference = _refused(number)
        answer = _post(reference, _filled_in(reference), f"2001:db8:0:7::{number:x}")
        assert answer.status_code == (302 if number < MOST_PER_NETWORK else 200)
    reference = _refused(99)
    assert _post(reference, _filled_in(reference), "2001:db8:0:100::1").status_code == 302


@pytest.mark.parametrize("path", ["report", "reported"])
def test_only_what_was_refused_can_be_reported(path: str) -> None:
    taken = transaction(1, {"address": "post@ours.example"})
    for reference in (taken.reference, "zzzzzzzzzzzzz", "x"):
        assert Client().get(f"/r/{reference}/{path}").status_code == 404
