"""Signing in as a customer: who may, what is written down, and what stays the customer's own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mailcenter.actions import Actor, NotAllowedError
from mailcenter.actions.acting import begin_acting
from mailcenter.actions.api_keys import create_api_key
from mailcenter.actions.passwords import set_password
from mailcenter.actions.second_factors import add_totp, reset_second_factors
from mailcenter.actions.sessions import end_sessions
from mailcenter.actions.users import change_user, create_user
from mailcenter.directory.models import AuditEntry, Role, User
from tests.database.world import PASSWORD, Tenant, make_user, snapshot


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _visiting(person: User, customer: User) -> Client:
    client = _signed_in(person)
    assert client.post(reverse("act-as-begin", args=[customer.pk])).headers["Location"] == "/"
    return client


@pytest.mark.parametrize("who", ["operator", "support", "reseller"])
def test_the_customers_pages_with_a_banner_and_a_way_back(
    who: str, ours: Tenant, operator: User, support: User
) -> None:
    person = {"operator": operator, "support": support, "reseller": ours.reseller}[who]
    client = _visiting(person, ours.owner)
    page = client.get("/profile", headers={"accept-language": "en"})
    assert page.context["user"] == ours.owner
    assert "acting" in page.content.decode()
    assert person.login in page.content.decode()
    assert client.get("/domains").status_code == 403, "an owner has no domains"
    client.post("/customers/end")
    assert client.get("/profile").context["user"] == person


def test_both_names_are_in_each_entry_and_the_customer_reads_them(ours: Tenant, support: User) -> None:
    client = _visiting(support, ours.admin)
    client.post(reverse("mailbox", args=[ours.mailbox.pk]), {"display_name": "Anna", "quota": "1", "is_active": "on"})
    client.post("/customers/end")
    entries = AuditEntry.objects.order_by("-pk")[:3]
    deeds = [(entry.action, entry.acting_login, entry.behind_login) for entry in entries]
    assert deeds == [
        ("user.end_acting", support.login, ""),
        ("mailbox.change", ours.admin.login, support.login),
        ("user.begin_acting", support.login, ""),
    ]
    read = _signed_in(ours.admin).get("/audit", headers={"accept-language": "en"}).content.decode()
    assert read.count(support.login) >= 3
    assert "Provider signed in as this customer" in read


@pytest.mark.parametrize(
    ("person", "customer"),
    [
        ("support", "operator"),
        ("support", "support2"),
        ("operator", "support"),
        ("operator", "operator2"),
        ("reseller", "reseller2"),
        ("admin", "owner"),
        ("owner", "admin"),
        ("reseller", "their_owner"),
        ("reseller", "their_admin"),
        ("operator", "inactive"),
    ],
)
def test_never_into_an_account_of_as_many_rights_or_of_others(  # noqa: PLR0917 - the people
    person: str, customer: str, ours: Tenant, theirs: Tenant, operator: User, support: User
) -> None:
    inactive = make_user(Role.DOMAIN_ADMIN, ours.organisation, "inactive")
    User.objects.filter(pk=inactive.pk).update(is_active=False)
    people = {
        **ours.users,
        "operator": operator,
        "support": support,
        "operator2": make_user(Role.OPERATOR, None, "operator2"),
        "support2": make_user(Role.SUPPORT, None, "support2"),
        "reseller2": make_user(Role.RESELLER, ours.organisation, "reseller2"),
        "their_owner": theirs.owner,
        "their_admin": theirs.admin,
        "inactive": inactive,
    }
    client = _signed_in(people[person])
    before = snapshot()
    answer = client.post(reverse("act-as-begin", args=[people[customer].pk]))
    assert answer.status_code in (302, 403, 404)
    assert client.get("/profile").context["user"] == people[person]
    assert snapshot() == before


def test_what_opens_the_account_stays_the_customers_own(ours: Tenant, operator: User) -> None:
    client = _visiting(operator, ours.admin)
    pages = [
        reverse("profile-password"),
        reverse("second-factor"),
        reverse("second-factor-app"),
        reverse("second-factor-passkey"),
        reverse("second-factor-codes"),
        reverse("sessions"),
        reverse("sessions-end-others"),
        reverse("api-key-add"),
        reverse("mailbox-password", args=[ours.mailbox.pk]),
        reverse("mailbox-second-factor", args=[ours.mailbox.pk]),
    ]
    before = snapshot()
    for page in pages:
        assert client.get(page).status_code == 403, page
        entry = {"password_choice": "own", "password": PASSWORD, "current_password": PASSWORD, "name": "x"}
        assert client.post(page, entry).status_code == 403, page
    actor = Actor(user=ours.admin, via="web", behind=operator)
    deeds: list[Callable[[], object]] = [
        lambda: set_password(actor=actor, user=ours.owner, password=PASSWORD),
        lambda: set_password(actor=actor, user=ours.admin, password=PASSWORD, current_password=PASSWORD),
        lambda: add_totp(actor=actor, user=ours.admin, secret="JBSWY3DPEHPK3PXP"),
        lambda: reset_second_factors(actor=actor, user=ours.owner),
        lambda: create_api_key(actor=actor, user=ours.admin, name="x", scopes=["domains:read"]),
        lambda: create_user(actor=actor, login="backdoor", role="domain_admin", password=PASSWORD),
        lambda: change_user(actor=actor, user=ours.restricted, is_active=False),
        lambda: end_sessions(actor=actor, user=ours.admin),
        lambda: begin_acting(actor=actor, user=ours.owner),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowedError):
            deed()
    assert snapshot() == before


def test_it_can_be_switched_off_also_for_a_visit_that_lasts(ours: Tenant, operator: User, settings: Settings) -> None:
    client = _visiting(operator, ours.owner)
    web = settings.MAILCENTER.web.model_copy(update={"act_as_customer_roles": []})
    settings.MAILCENTER = settings.MAILCENTER.model_copy(update={"web": web})
    assert client.get("/profile").context["user"] == operator
    client.post(reverse("act-as-begin", args=[ours.owner.pk]))
    assert client.get("/profile").context["user"] == operator


def test_the_customers_language_and_the_end_by_signing_out(ours: Tenant, operator: User) -> None:
    client = _visiting(operator, ours.owner)
    client.post("/language", {"language": "de"})
    assert User.objects.get(pk=ours.owner.pk).language == ""
    assert User.objects.get(pk=operator.pk).language == "de"
    client.post("/logout")
    assert AuditEntry.objects.filter(action="user.end_acting").count() == 1
    assert client.get("/profile").status_code == 302


def test_a_link_alone_begins_nothing(ours: Tenant, operator: User) -> None:
    client = _signed_in(operator)
    client.get(reverse("act-as-begin", args=[ours.owner.pk]))
    assert client.get("/profile").context["user"] == operator
