"""Limits of organisations and resellers: refused in words at web and API, and never exceeded by a race."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from mailcenter.actions import ActionError, Actor, NotAllowedError, NotFoundError
from mailcenter.actions.aliases import create_alias
from mailcenter.actions.domains import create_domain
from mailcenter.actions.limits import use_of
from mailcenter.actions.mailboxes import change_mailbox, create_mailbox, remove_mailbox
from mailcenter.actions.organisations import change_organisation, create_organisation, remove_organisation
from mailcenter.actions.users import create_user
from mailcenter.directory.models import Domain, Mailbox, Organisation, Role, User
from mailcenter.directory.scope import scope_of, visible_domains, visible_mailboxes, visible_organisations
from tests.database.api_client import Program
from tests.database.world import ROOT, Tenant, make_user, refused, token_for

GIGABYTE = 2**30


@dataclass(frozen=True)
class Business:
    """A reseller with one customer, who has a domain."""

    reseller: User
    own: Organisation
    customer: Organisation
    domain: Domain

    @property
    def actor(self) -> Actor:
        return Actor(user=self.reseller, via="web")


@pytest.fixture
def business(db: None) -> Business:
    own = create_organisation(actor=ROOT, name="reseller")
    reseller = make_user(Role.RESELLER, own, "reselling")
    customer = create_organisation(actor=Actor(user=reseller, via="web"), name="his customer")
    return Business(reseller, own, customer, create_domain(actor=ROOT, organisation=customer, name="customer.example"))


def limit(organisation: Organisation, **limits: int | None) -> None:
    change_organisation(actor=ROOT, organisation=organisation, **limits)  # type: ignore[arg-type] # none is the name


def configure(monkeypatch: pytest.MonkeyPatch, **update: object) -> None:
    """As if `[limits]` of the settings said so."""
    limits = settings.MAILCENTER.limits.model_copy(update=update)
    monkeypatch.setattr(settings, "MAILCENTER", settings.MAILCENTER.model_copy(update={"limits": limits}))


def test_each_kind_has_its_limit(ours: Tenant) -> None:
    limit(ours.organisation, most_domains=2, most_mailboxes=2, most_aliases=1)
    create_mailbox(actor=ROOT, address=f"second@{ours.domain.name}")
    admin = Actor(user=ours.admin, via="web")
    with refused("organisation", "may have 2 domains at the most and has 2"):
        create_domain(actor=ROOT, organisation=ours.organisation, name="third.example")
    with refused("address", "may have 2 mailboxes at the most and has 2"):
        create_mailbox(actor=admin, address=f"third@{ours.domain.name}")
    with refused("address", "may have 1 aliases at the most and has 1"):
        create_alias(actor=admin, address=f"more@{ours.domain.name}", destinations=[ours.mailbox.address])
    limit(ours.organisation, most_domains=None, most_mailboxes=None, most_aliases=None)
    create_domain(actor=ROOT, organisation=ours.organisation, name="third.example")
    create_mailbox(actor=admin, address=f"third@{ours.domain.name}")


def test_storage_is_given_out_as_quotas(ours: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    address = f"big@{ours.domain.name}"
    limit(ours.organisation, most_bytes=10 * GIGABYTE)
    with refused("quota_bytes", "A quota must be set"):
        create_mailbox(actor=ROOT, address=address)
    with refused("quota_bytes", "10240 MB of storage left"):
        create_mailbox(actor=ROOT, address=address, quota_bytes=11 * GIGABYTE)
    big = create_mailbox(actor=ROOT, address=address, quota_bytes=6 * GIGABYTE)
    change_mailbox(actor=ROOT, mailbox=big, quota_bytes=10 * GIGABYTE)
    with refused("quota_bytes"):
        change_mailbox(actor=ROOT, mailbox=big, quota_bytes=0)
    with refused("quota_bytes"):
        change_mailbox(actor=ROOT, mailbox=big, quota_bytes=10 * GIGABYTE + 1)
    limit(ours.organisation, most_bytes=GIGABYTE)
    change_mailbox(actor=ROOT, mailbox=big, quota_bytes=5 * GIGABYTE)
    change_mailbox(actor=ROOT, mailbox=big, display_name="what is above the limit stays")
    configure(monkeypatch, overcommit=10.0)
    change_mailbox(actor=ROOT, mailbox=big, quota_bytes=10 * GIGABYTE)
    remove_mailbox(actor=ROOT, mailbox=big)
    assert use_of(ours.organisation).bytes_given == 0


def test_bad_limits(ours: Tenant) -> None:
    with refused("most_domains"):
        limit(ours.organisation, most_domains=-1)
    with refused("most_bytes"):
        limit(ours.organisation, most_bytes=2**60)


def test_a_resellers_limit_is_for_all_his_customers_together(business: Business) -> None:
    limit(business.own, most_mailboxes=2)
    other = create_organisation(actor=business.actor, name="another customer")
    create_domain(actor=ROOT, organisation=other, name="another.example")
    create_mailbox(actor=business.actor, address="one@customer.example")
    create_mailbox(actor=business.actor, address="one@another.example")
    admin = create_user(actor=business.actor, login="admin", role=Role.DOMAIN_ADMIN, organisation=business.customer)
    with pytest.raises(ActionError) as refusal:
        create_mailbox(actor=Actor(user=admin, via="web"), address="two@customer.example")
    assert "has 2" in refusal.value.message
    assert "reseller" not in refusal.value.message, "a customer is not told whose he is"
    assert use_of(business.own).mailboxes == 2


def test_a_reseller_manages_his_customers_only(business: Business, ours: Tenant) -> None:
    scope = scope_of(business.reseller)
    assert set(visible_organisations(scope)) == {business.own, business.customer}
    assert set(visible_domains(scope)) == {business.domain}
    create_mailbox(actor=business.actor, address="one@customer.example")
    assert {mailbox.address for mailbox in visible_mailboxes(scope)} == {"one@customer.example"}
    change_organisation(actor=business.actor, organisation=business.customer, name="renamed", most_mailboxes=5)
    with pytest.raises(NotAllowedError):
        change_organisation(actor=business.actor, organisation=business.own, most_mailboxes=None)
    with pytest.raises(NotAllowedError):
        remove_organisation(actor=business.actor, organisation=business.own)
    with pytest.raises(NotFoundError):
        change_organisation(actor=business.actor, organisation=ours.organisation, name="stolen")
    with pytest.raises(NotFoundError):
        create_organisation(actor=business.actor, name="new", reseller=ours.organisation)
    with refused("reseller", "is a customer itself"):
        create_organisation(actor=ROOT, name="new", reseller=business.customer)
    with refused("organisation", "still has customers"):
        User.objects.filter(pk=business.reseller.pk).delete()
        remove_organisation(actor=ROOT, organisation=business.own)


def test_a_reseller_adds_domains_only_where_the_settings_say_so(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotAllowedError):
        create_domain(actor=business.actor, organisation=business.customer, name="more.example")
    configure(monkeypatch, resellers_add_domains=True)
    create_domain(actor=business.actor, organisation=business.customer, name="more.example")


@pytest.mark.parametrize("host", [True, False])
def test_a_reseller_cannot_have_the_postmasters_mail(
    business: Business, monkeypatch: pytest.MonkeyPatch, *, host: bool
) -> None:
    configure(monkeypatch, resellers_add_domains=True)
    mail = settings.MAILCENTER.mail.model_copy(update={"postmaster": "anna@Provider.example"})
    monkeypatch.setattr(settings, "MAILCENTER", settings.MAILCENTER.model_copy(update={"mail": mail}))
    name = settings.MAILCENTER.host_name if host else "provider.EXAMPLE"
    with refused("name", "this platform's postmaster"):
        create_domain(actor=business.actor, organisation=business.customer, name=name)
    create_domain(actor=ROOT, organisation=business.customer, name=name)


def test_the_web_shows_use_and_refusal(ours: Tenant, operator: User) -> None:
    limit(ours.organisation, most_mailboxes=1)
    client = Client()
    client.force_login(operator)
    page = client.get(reverse("organisation", args=[ours.organisation.pk])).content.decode()
    assert "1 of 1" in page
    assert "The limit is reached." in page
    form = {"local_part": "more", "domain": ours.domain.pk, "password_choice": "made"}
    assert "may have 1 mailboxes at the most" in client.post(reverse("mailbox-add"), form).content.decode()
    client.force_login(ours.admin)
    own = client.get(reverse("organisation", args=[ours.organisation.pk]))
    assert "1 of 1" in own.content.decode()
    assert "most_mailboxes" not in own.content.decode(), "he looks, and changes nothing"


def test_the_api_shows_use_and_refusal(ours: Tenant) -> None:
    limit(ours.organisation, most_mailboxes=1)
    program = Program(token_for(ours.admin))
    use = program("get", f"/organisations/{ours.organisation.pk}/use")
    assert (use.status, use.body["mailboxes"]) == (200, 1)
    answer = program("post", "/mailboxes", {"address": f"more@{ours.domain.name}"})
    assert answer.status == 422
    assert "at the most" in answer.text
    assert "address" in answer.text


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_time_do_not_exceed_it() -> None:
    """Each of eight wants the last place; their transactions all overlap."""
    organisation = create_organisation(actor=ROOT, name="race", most_mailboxes=3)
    create_domain(actor=ROOT, organisation=organisation, name="race.example")
    start = threading.Barrier(8)
    outcomes: list[str] = []

    def attempt(number: int) -> None:
        start.wait(timeout=60)
        outcomes.append(_outcome(lambda: create_mailbox(actor=ROOT, address=f"box{number}@race.example")))
        connection.close()

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    try:
        assert sorted(outcomes) == ["made"] * 3 + ["refused"] * 5
        assert Mailbox.objects.count() == 3
    finally:
        for mailbox in Mailbox.objects.all():
            remove_mailbox(actor=ROOT, mailbox=mailbox)


def _outcome(deed: Callable[[], object]) -> str:
    try:
        deed()
    except ActionError as refusal:
        return "refused" if "at the most" in refusal.message else refusal.message
    return "made"
