"""Organisations and domains: what is made, refused, removed."""

from __future__ import annotations

import pytest

from mailcenter.actions import ActionError, Actor, NotAllowedError
from mailcenter.actions.aliases import create_alias
from mailcenter.actions.domains import change_domain, create_domain, remove_domain
from mailcenter.actions.mailboxes import create_mailbox
from mailcenter.actions.organisations import change_organisation, create_organisation, remove_organisation
from mailcenter.actions.users import remove_user
from mailcenter.directory.models import Alias, AuditEntry, Domain, Mailbox, Organisation, User
from tests.database.world import ROOT, Tenant, refused


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("x" * 201, "longer than 200"),
        ("two\nlines", "one line"),
        ("nul\0", "one line"),
    ],
)
def test_bad_organisation_names(name: str, reason: str, db: None) -> None:
    with refused("name", reason):
        create_organisation(actor=ROOT, name=name)


def test_a_second_organisation_of_the_same_name(ours: Tenant, theirs: Tenant) -> None:
    with refused("name", "already an organisation"):
        create_organisation(actor=ROOT, name=" ours ")
    with refused("name", "already an organisation"):
        change_organisation(actor=ROOT, organisation=theirs.organisation, name="ours")


def test_an_organisation_is_removed_only_when_empty(ours: Tenant) -> None:
    with refused("organisation", "still has domains"):
        remove_organisation(actor=ROOT, organisation=ours.organisation)
    remove_user(actor=ROOT, user=ours.restricted)
    for domain in (ours.domain, ours.second_domain):
        remove_domain(actor=ROOT, domain=domain, with_mailboxes=True)
    with refused("organisation", "still has users"):
        remove_organisation(actor=ROOT, organisation=ours.organisation)
    for user in User.objects.filter(organisation=ours.organisation):
        remove_user(actor=ROOT, user=user)
    assert "ours" in remove_organisation(actor=ROOT, organisation=ours.organisation)
    assert not Organisation.objects.exists()
    assert AuditEntry.objects.filter(organisation_id=ours.organisation.pk).exists(), "the audit outlives it"


@pytest.mark.parametrize(
    ("typed", "stored", "shown"),
    [
        ("Example.TEST", "example.test", "example.test"),
        (" example.test. ", "example.test", "example.test"),
        ("BÜCHER.example", "xn--bcher-kva.example", "bücher.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example", "bücher.example"),
        ("straße.example", "xn--strae-oqa.example", "straße.example"),
    ],
)
def test_domain_names_are_stored_in_one_form(typed: str, stored: str, shown: str, ours: Tenant) -> None:
    domain = create_domain(actor=ROOT, organisation=ours.organisation, name=typed)
    assert (domain.name, domain.unicode_name) == (stored, shown)


@pytest.mark.parametrize(
    "name",
    ["", "localhost", "a..example", "-a.example", "a_b.example", "192.0.2.1", "x" * 64 + ".example", "a b.example"],
)
def test_bad_domain_names(name: str, ours: Tenant) -> None:
    with refused("name", "not a domain name"):
        create_domain(actor=ROOT, organisation=ours.organisation, name=name)


@pytest.mark.parametrize("again", ["ours.example", "OURS.EXAMPLE.", "ours.Example"])
def test_a_second_domain_of_the_same_name(again: str, ours: Tenant, theirs: Tenant) -> None:
    for organisation in (ours.organisation, theirs.organisation):
        with refused("name", "ours.example is already hosted here"):
            create_domain(actor=ROOT, organisation=organisation, name=again)


@pytest.mark.parametrize("role", ["reseller", "admin", "restricted", "owner"])
def test_only_operators_add_and_remove_domains(role: str, ours: Tenant) -> None:
    """Who could host any name would get the mail of others for it."""
    actor = Actor(user=ours.users[role], via="web")
    with pytest.raises(ActionError, match=r"Only an operator|no such object"):
        create_domain(actor=actor, organisation=ours.organisation, name="bank.example")
    with pytest.raises(ActionError, match=r"Only an operator|no such object"):
        remove_domain(actor=actor, domain=ours.domain, with_mailboxes=True)


def test_an_administrator_sets_up_his_domain(ours: Tenant) -> None:
    actor = Actor(user=ours.restricted, via="web")
    changed = change_domain(actor=actor, domain=ours.domain, catch_all="POST@Ours.example", is_active=False)
    assert (changed.catch_all, changed.is_active) == ("post@ours.example", False)
    entry = AuditEntry.objects.latest("pk")
    assert entry.acting_user == ours.restricted
    assert (entry.action, entry.object_name, entry.acting_login) == ("domain.change", "ours.example", "restricted-ours")
    assert entry.changes == {"is_active": [True, False], "catch_all": [None, "post@ours.example"]}


def test_a_change_of_nothing_is_no_deed(ours: Tenant) -> None:
    before = AuditEntry.objects.count()
    change_domain(actor=ROOT, domain=ours.domain, is_active=True, catch_all=None)
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("address", ["nobody@ours.example", "no address", "x@[192.0.2.1]", "@ours.example"])
def test_a_catch_all_that_leads_nowhere(address: str, ours: Tenant) -> None:
    with refused("catch_all"):
        change_domain(actor=ROOT, domain=ours.domain, catch_all=address)


def test_a_domain_with_mailboxes_goes_only_when_asked_for(ours: Tenant, theirs: Tenant) -> None:
    second = create_mailbox(actor=ROOT, address="second@ours.example")
    remove_user(actor=ROOT, user=ours.restricted)
    with refused("with_mailboxes", "still has 2 mailboxes"):
        remove_domain(actor=ROOT, domain=ours.domain)
    create_alias(actor=ROOT, address="far@ours-second.example", destinations=["team@ours.example", "x@elsewhere.test"])
    create_alias(actor=ROOT, address="only@ours-second.example", destinations=["post@ours.example"])
    message = remove_domain(actor=ROOT, domain=ours.domain, with_mailboxes=True)
    assert "with 2 mailboxes" in message
    assert "kept on disk" in message
    assert [domain.name for domain in Domain.objects.filter(organisation=ours.organisation)] == ["ours-second.example"]
    assert not Mailbox.objects.filter(pk__in=[ours.mailbox.pk, second.pk]).exists()
    assert not User.objects.filter(login__endswith="@ours.example").exists()
    left = {alias.address: [item.address for item in alias.destinations.all()] for alias in Alias.objects.all()}
    assert left == {"far@ours-second.example": ["x@elsewhere.test"], "team@theirs.example": ["post@theirs.example"]}


def test_removing_a_domain_never_widens_an_administrator(ours: Tenant) -> None:
    with refused("domain", "restricted-ours"):
        remove_domain(actor=ROOT, domain=ours.domain, with_mailboxes=True)


def test_support_may_look_only(support: User, ours: Tenant) -> None:
    with pytest.raises(NotAllowedError, match="not change"):
        change_domain(actor=Actor(user=support, via="web"), domain=ours.domain, is_active=False)
