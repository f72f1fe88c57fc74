"""What every answer of the center carries, and what it does with odd requests."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client
from django.urls import reverse

from mailcenter.actions.passwords import set_password
from mailcenter.directory.models import Mailbox, RefusalReport, User
from tests.database.world import PASSWORD, ROOT, Tenant


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_every_answer_has_the_strict_content_policy(operator: User) -> None:
    for path in ("/", "/login", "/nothing-here", "/domains"):
        answer = _signed_in(operator).get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Cache-Control"].startswith(("no-store", "max-age=0"))


@pytest.mark.parametrize(
    ("header", "cookie", "setting", "shown"),
    [
        ("de", "", "", "de"),
        ("en", "", "", "en"),
        ("fr", "", "", "en"),
        ("en", "de", "", "de"),
        ("de", "de", "en", "en"),
    ],
)
def test_the_users_language_goes_before_cookie_and_browser(
    operator: User, header: str, cookie: str, setting: str, shown: str
) -> None:
    User.objects.filter(pk=operator.pk).update(language=setting)
    client = _signed_in(operator)
    if cookie:
        client.cookies["django_language"] = cookie
    answer = client.get("/domains", headers={"accept-language": header})
    assert answer.headers["Content-Language"] == shown
    assert f'<html lang="{shown}">' in answer.content.decode()


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_neither_login_nor_language_leads_away(ours: Tenant, target: str) -> None:
    set_password(actor=ROOT, user=ours.admin, password=PASSWORD)
    client = Client()
    entry = {"login": ours.admin.login, "password": PASSWORD, "next": target}
    assert client.post("/login", entry).headers["Location"] == "/"
    assert client.post("/language", {"language": "de", "next": target}).headers["Location"] == "/"


def test_a_form_without_its_token_is_refused_in_words(operator: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(operator)
    answer = client.post("/organisations/add", {"name": "x"})
    assert answer.status_code == 403
    assert "This form has expired" in answer.content.decode()


def test_signing_in_upgrades_nothing_and_tells_nothing(ours: Tenant) -> None:
    set_password(actor=ROOT, user=ours.admin, password=PASSWORD)
    wrong = Client().post("/login", {"login": ours.admin.login, "password": "wrong-password"})
    unknown = Client().post("/login", {"login": "nobody", "password": "wrong-password"})
    User.objects.filter(pk=ours.admin.pk).update(is_active=False)
    inactive = Client().post("/login", {"login": ours.admin.login, "password": PASSWORD})
    said = {str(answer.context["form"].non_field_errors()) for answer in (wrong, unknown, inactive)}
    assert len(said) == 1


def test_an_umlaut_domain_is_signed_in_to_as_it_is_typed(ours: Tenant, operator: User) -> None:
    client = _signed_in(operator)
    client.post("/domains/add", {"organisation": ours.organisation.pk, "name": "bäcker.example"})
    domain = ours.organisation.domains.get(unicode_name="bäcker.example")
    entry = {"local_part": "anna", "domain": domain.pk, "password_choice": "own", "password": PASSWORD, "quota": "1.5"}
    client.post("/mailboxes/add", entry)
    mailbox = Mailbox.objects.get(domain=domain)
    assert mailbox.quota_bytes == 3 * 2**29
    answer = Client().post("/login", {"login": "Anna@Bäcker.example", "password": PASSWORD})
    assert answer.headers["Location"] == "/"


def test_a_made_password_is_shown_once_and_works(ours: Tenant, operator: User) -> None:
    client = _signed_in(operator)
    answer = client.post(reverse("mailbox-password", args=[ours.mailbox.pk]), {"password_choice": "made"})
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert check_password(secret, User.objects.get(pk=ours.owner.pk).password)
    assert secret not in client.get(reverse("mailbox", args=[ours.mailbox.pk])).content.decode()


def test_ones_own_password_needs_the_present_one_and_keeps_the_session(ours: Tenant) -> None:
    set_password(actor=ROOT, user=ours.owner, password=PASSWORD)
    client = Client()
    client.post("/login", {"login": ours.owner.login, "password": PASSWORD})
    entry = {"current_password": "not-the-present", "password": "another-good-one", "repeated": "another-good-one"}
    refused = client.post("/profile/password", entry)
    assert "current_password" in refused.context["form"].errors
    assert client.post("/profile/password", {**entry, "current_password": PASSWORD}).status_code == 302
    assert client.get("/profile").status_code == 200


@pytest.mark.parametrize(
    "query",
    ["page=999999", "page=x", "q=%00", "q=" + "a" * 5000, "q=%25_%5C", "domain=x", "domain=" + "9" * 40],
)
@pytest.mark.parametrize("path", ["/mailboxes", "/aliases"])
def test_odd_questions_to_lists_are_answered(operator: User, ours: Tenant, path: str, query: str) -> None:
    assert _signed_in(operator).get(f"{path}?{query}").status_code in (200, 404)


@pytest.mark.parametrize(
    "query", ["before=x", "before=2026-01-01~", "verdict=nonsense", "period=nonsense", "q=%00", "q=*%25("]
)
def test_odd_questions_to_the_ledger_are_answered(operator: User, query: str) -> None:
    assert _signed_in(operator).get(f"/ledger?{query}").status_code == 200


@pytest.mark.parametrize("path", ["/mailboxes/99999999999999999999", "/ledger/%00", "/ledger/" + "a" * 300])
def test_impossible_ids_are_not_found(operator: User, path: str) -> None:
    assert _signed_in(operator).get(path).status_code == 404


def test_the_health_check_needs_no_login(db: None) -> None:
    assert Client().get("/healthz").content == b"ok\n"


def test_a_closed_report_is_opened_again_and_counted_in_the_menu(operator: User, support: User, ours: Tenant) -> None:
    report = RefusalReport.objects.get()
    client, page = _signed_in(operator), reverse("report", args=[report.pk])
    assert "text-red-fg" in client.get("/").content.decode(), "one is open"
    client.post(page, {"deed": "reject", "answer": "No."})
    assert "text-red-fg" not in client.get("/").content.decode()
    RefusalReport.objects.update(mail_state="failed")
    assert 'value="resend"' in client.get(page).content.decode()
    client.post(page, {"deed": "resend"})
    assert RefusalReport.objects.get().mail_state == "pending"
    RefusalReport.objects.update(mail_state="sent")
    _signed_in(support).post(page, {"deed": "reopen"})
    assert RefusalReport.objects.get().status == "rejected", "support reads only"
    client.post(page, {"deed": "reopen"})
    assert RefusalReport.objects.get().status == "open"
    assert "No." in client.get(page).content.decode()
