"""Setting up, removing and resetting second factors on the screens."""

from __future__ import annotations

import time
from typing import Any

import pyotp
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mailcenter.actions import Actor
from mailcenter.actions.passwords import set_password
from mailcenter.actions.second_factors import add_totp, make_recovery_codes, remove_second_factor, reset_second_factors
from mailcenter.directory.models import AuditEntry, RecoveryCode, SecondFactor, User
from tests.database.second_factors import App, Device
from tests.database.world import PASSWORD, ROOT, Tenant, refused


@pytest.fixture
def user(ours: Tenant) -> User:
    set_password(actor=ROOT, user=ours.admin, password=PASSWORD)
    return User.objects.get(pk=ours.admin.pk)


def _signed_in(user: User) -> Client:
    client = Client()
    client.post("/login", {"login": user.login, "password": PASSWORD})
    return client


def _secret(answer: Any) -> str:
    return str(answer.context["secret"]).replace(" ", "")


def test_an_app_is_set_up_when_it_shows_the_right_code(user: User) -> None:
    client = _signed_in(user)
    secret = _secret(client.get("/profile/second-factor/app"))
    assert _secret(client.get("/profile/second-factor/app")) == secret, "the picture stays while it is typed"
    refused_ = client.post("/profile/second-factor/app", {"code": "000"})
    assert "code" in refused_.context["form"].errors
    assert not user.second_factors.exists()
    done = client.post("/profile/second-factor/app", {"code": pyotp.TOTP(secret).now()})
    assert len(set(done.context["codes"])) == 10
    assert user.recovery_codes.count() == 10
    assert client.get("/profile/second-factor").status_code == 200
    said = str(list(AuditEntry.objects.values_list("changes", flat=True)))
    assert secret not in said
    assert not any(code in said for code in done.context["codes"])


def test_a_passkeys_ceremony_must_be_this_sessions(user: User) -> None:
    client = _signed_in(user)
    assert client.get("/profile/second-factor/passkey").context["options"]["rp"]["id"]
    for said in ("", "{}", "[1]", '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}'):
        answer = client.post("/profile/second-factor/passkey", {"name": "Key", "passkey": said})
        assert answer.status_code == 200
        assert answer.context["form"].non_field_errors() or answer.context["form"].errors
    assert not user.second_factors.exists()


def test_who_finds_an_open_screen_changes_nothing(user: User) -> None:
    app = App(user)
    client = Client()
    client.force_login(user)  # and with it no password lately
    pages = [
        reverse("second-factor-remove", args=[app.factor.pk]),
        reverse("second-factor-codes"),
        reverse("second-factor-app"),
        reverse("second-factor-passkey"),
    ]
    for page in pages:
        for entry in ({}, {"current_password": "wrong"}):
            answer = client.post(page, {"code": "123456", "name": "x", "passkey": "{}", **entry})
            assert "current_password" in answer.context["form"].errors, page
    assert list(user.second_factors.all()) == [app.factor]
    assert client.post(pages[0], {"current_password": PASSWORD}).status_code == 302
    assert not user.second_factors.exists()


def test_the_password_is_asked_for_again_after_a_while(user: User) -> None:
    client = _signed_in(user)
    page = reverse("second-factor-app")
    assert "current_password" not in client.get(page).context["form"].fields
    session = client.session
    session["proved_at"] = int(time.time()) - 3600
    session.save()
    assert "current_password" in client.get(page).context["form"].fields


def test_with_the_last_factor_go_the_codes(user: User) -> None:
    app, device = App(user), Device(user)
    make_recovery_codes(actor=ROOT, user=user)
    oneself = Actor(user=user, via="web")
    remove_second_factor(actor=oneself, second_factor=app.factor)
    assert RecoveryCode.objects.exists()
    remove_second_factor(actor=oneself, second_factor=device.factor)
    assert not RecoveryCode.objects.exists()


def test_a_second_app_takes_the_place_of_the_first(user: User) -> None:
    first, second = App(user), App(user)
    assert list(user.second_factors.all()) == [second.factor]
    assert first.factor.pk != second.factor.pk


def test_roles_that_need_one_reach_nothing_before(user: User, settings: Settings) -> None:
    web = settings.MAILCENTER.web.model_copy(update={"second_factor_roles": ["domain_admin"]})
    settings.MAILCENTER = settings.MAILCENTER.model_copy(update={"web": web})
    client = _signed_in(user)
    for page in ("/", "/domains", "/profile", "/mailboxes/add"):
        answer = client.get(page)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/profile/second-factor"), page
    secret = _secret(client.get("/profile/second-factor/app"))
    client.post("/profile/second-factor/app", {"code": pyotp.TOTP(secret).now()})
    assert client.get("/domains").status_code == 200
    with refused("second_factor", "role needs"):
        remove_second_factor(actor=Actor(user=user, via="web"), second_factor=SecondFactor.objects.get(user=user))
    client.logout()
    later = _signed_in(user)
    assert later.get("/domains").headers["Location"].startswith("/login")


def test_nobody_sets_up_or_resets_what_is_not_his_to(ours: Tenant, support: User, operator: User) -> None:
    App(ours.reseller)
    for acting in (ours.restricted, ours.owner, support, ours.admin):
        with refused("user"):
            reset_second_factors(actor=Actor(user=acting, via="web"), user=ours.reseller)
    with refused("user", "himself"):
        add_totp(actor=Actor(user=operator, via="web"), user=ours.admin, secret="JBSWY3DPEHPK3PXP")
    with refused("user", "his own"):
        reset_second_factors(actor=Actor(user=ours.reseller, via="api"), user=ours.reseller)
    assert ours.reseller.second_factors.exists()


def test_a_domain_administrator_resets_an_owners_in_the_center(ours: Tenant, user: User) -> None:
    App(ours.owner)
    make_recovery_codes(actor=ROOT, user=ours.owner)
    client = _signed_in(user)
    page = reverse("mailbox-second-factor", args=[ours.mailbox.pk])
    assert client.get(page).status_code == 200
    assert client.post(page).headers["Location"] == reverse("mailbox", args=[ours.mailbox.pk])
    assert not ours.owner.second_factors.exists()
    assert not ours.owner.recovery_codes.exists()
    entry = AuditEntry.objects.get(action="user.reset_second_factors")
    assert (entry.acting_login, entry.object_name, entry.changes) == (
        user.login,
        ours.owner.login,
        {"kinds": ["totp"]},
    )
