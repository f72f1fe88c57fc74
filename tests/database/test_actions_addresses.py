"""Mailboxes and aliases: spellings, what is taken, loops, and what removal leaves behind."""

from __future__ import annotations

import pytest

from mailcenter.actions import ActionError, Actor, NotAllowedError, NotFoundError
from mailcenter.actions.aliases import MOST_DESTINATIONS, change_alias, create_alias, remove_alias
from mailcenter.actions.domains import change_domain, create_domain
from mailcenter.actions.mailboxes import change_mailbox, create_mailbox, remove_mailbox
from mailcenter.actions.users import change_user
from mailcenter.directory.models import Alias, AuditEntry, Domain, Mailbox, User
from tests.database.world import PASSWORD, ROOT, Tenant, refused


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("New@Ours.EXAMPLE", "new@ours.example"),
        (" new@ours.example ", "new@ours.example"),
        ("JÜRGEN@ours.example", "jürgen@ours.example"),
        ("ju\u0308rgen@ours.example", "jürgen@ours.example"),
        ("用户@ours.example", "用户@ours.example"),
        ('"plain"@ours.example', "plain@ours.example"),
        ("postmaster@ours.example", "postmaster@ours.example"),
        ("a.b-c_d@ours.example", "a.b-c_d@ours.example"),
    ],
)
def test_addresses_are_stored_in_one_form(typed: str, stored: str, ours: Tenant) -> None:
    mailbox = create_mailbox(actor=ROOT, address=typed)
    assert mailbox.address == mailbox.user.login == stored
    assert User.objects.get_by_natural_key(typed) == mailbox.user, "every spelling logs in"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("nobody", "no @"),
        ("@ours.example", "empty"),
        ("a..b@ours.example", "not allowed"),
        ("a b@ours.example", "not allowed"),
        ('"a b"@ours.example', "must not contain"),
        ("a+b@ours.example", "must not contain the character [+]"),
        ("a%b@ours.example", "must not contain the character %"),
        ("a/b@ours.example", "must not contain the character /"),
        ("-a@ours.example", "hyphen"),
        ("x" * 65 + "@ours.example", "longer than 64"),
        ("a@[192.0.2.1]", "not a mail address"),
        ("a\0b@ours.example", "not a mail address"),
        ("a\ud800@ours.example", "UTF-8"),
        ("x" * 5000 + "@ours.example", "not a mail address"),
    ],
)
def test_bad_addresses(address: str, reason: str, ours: Tenant) -> None:
    with refused("address", reason):
        create_mailbox(actor=ROOT, address=address)
    with refused("address", reason):
        create_alias(actor=ROOT, address=address, destinations=["post@ours.example"])


def test_an_address_is_taken_once(ours: Tenant) -> None:
    for taken in ("post@ours.example", "POST@ours.example", "team@ours.example"):
        with refused("address", "already taken"):
            create_mailbox(actor=ROOT, address=taken)
        with refused("address", "already taken"):
            create_alias(actor=ROOT, address=taken, destinations=["x@elsewhere.test"])


def test_an_address_in_the_other_spelling_of_the_domain_is_taken(ours: Tenant) -> None:
    create_domain(actor=ROOT, organisation=ours.organisation, name="bücher.example")
    create_mailbox(actor=ROOT, address="a@bücher.example")
    with refused("address", "already taken"):
        create_mailbox(actor=ROOT, address="a@xn--bcher-kva.example")


def test_a_login_without_mailbox_keeps_its_address(ours: Tenant) -> None:
    User.objects.filter(pk=ours.admin.pk).update(login="boss@ours.example")
    with refused("address", "already taken"):
        create_mailbox(actor=ROOT, address="boss@ours.example")
    assert not Mailbox.objects.filter(local_part="boss").exists()


def test_only_in_ones_own_domains(ours: Tenant, theirs: Tenant) -> None:
    """Whether another customer's domain is hosted here is not told."""
    actor = Actor(user=ours.admin, via="web")
    for domain in ("theirs.example", "unknown.example"):
        with pytest.raises(NotFoundError, match=f"no domain {domain} here"):
            create_mailbox(actor=actor, address=f"a@{domain}")
        with pytest.raises(NotFoundError, match=f"no domain {domain} here"):
            create_alias(actor=actor, address=f"a@{domain}", destinations=["post@ours.example"])


def test_mailboxes_get_the_default_store_and_a_key_of_their_own(ours: Tenant) -> None:
    again = create_mailbox(actor=ROOT, address="again@ours.example")
    remove_mailbox(actor=ROOT, mailbox=again)
    later = create_mailbox(actor=ROOT, address="again@ours.example")
    assert later.store == "main"
    assert later.storage_key != again.storage_key, "an address given anew starts empty"


@pytest.mark.parametrize("quota", [-1, 2**50 + 1, 2**80])
def test_quota_is_bounded(quota: int, ours: Tenant) -> None:
    with refused("quota_bytes", "between 0"):
        create_mailbox(actor=ROOT, address="q@ours.example", quota_bytes=quota)
    with refused("quota_bytes", "between 0"):
        change_mailbox(actor=ROOT, mailbox=ours.mailbox, quota_bytes=quota)


def test_the_owner_changes_the_name_only(ours: Tenant) -> None:
    actor = Actor(user=ours.owner, via="web")
    changed = change_mailbox(actor=actor, mailbox=ours.mailbox, display_name="Post Office")
    assert changed.display_name == changed.user.display_name == "Post Office"
    with refused("quota_bytes", "Only your administrator"):
        change_mailbox(actor=actor, mailbox=ours.mailbox, quota_bytes=1)
    with refused("is_active", "Only your administrator"):
        change_mailbox(actor=actor, mailbox=ours.mailbox, is_active=False)
    with pytest.raises(NotAllowedError):
        remove_mailbox(actor=actor, mailbox=ours.mailbox)


def test_the_name_shown_is_the_same_from_both_sides(ours: Tenant) -> None:
    change_user(actor=Actor(user=ours.owner, via="web"), user=ours.owner, display_name="Post")
    ours.mailbox.refresh_from_db()
    assert ours.mailbox.display_name == "Post"


def test_a_removed_mailbox_leaves_word_where_its_mail_is(ours: Tenant) -> None:
    message = remove_mailbox(actor=Actor(user=ours.admin, via="web"), mailbox=ours.mailbox)
    assert "kept on disk" in message
    assert "team@ours.example" in message
    entry = AuditEntry.objects.get(action="mailbox.remove")
    assert entry.changes["storage_key"] == str(ours.mailbox.storage_key)
    assert entry.changes["store"] == "main"
    assert entry.changes["domain_id"] == ours.domain.pk
    assert not User.objects.filter(login="post@ours.example").exists()


def test_removal_leaves_no_alias_that_leads_nowhere(ours: Tenant, theirs: Tenant) -> None:
    """Mail accepted for such an alias would bounce to senders who never wrote it."""
    create_alias(actor=ROOT, address="detail@ours.example", destinations=["post+x@ours.example", "a@elsewhere.test"])
    create_alias(actor=ROOT, address="deep@ours.example", destinations=["team@ours.example"])
    create_alias(actor=ROOT, address="far@theirs.example", destinations=["post@ours.example"])
    change_domain(actor=ROOT, domain=ours.second_domain, catch_all="deep@ours.example")
    remove_mailbox(actor=ROOT, mailbox=ours.mailbox)
    left = {alias.address: [item.address for item in alias.destinations.all()] for alias in Alias.objects.all()}
    assert left["detail@ours.example"] == ["a@elsewhere.test"]
    assert {"team@ours.example", "deep@ours.example"}.isdisjoint(left)
    assert left["far@theirs.example"] == ["post@ours.example"], "another customer's alias is his own matter"
    assert Domain.objects.get(pk=ours.second_domain.pk).catch_all is None
    removed = AuditEntry.objects.filter(action="alias.remove").values_list("object_name", flat=True)
    assert set(removed) == {"team@ours.example", "deep@ours.example"}


def test_destinations_are_stored_in_one_form_and_once(ours: Tenant) -> None:
    alias = create_alias(
        actor=ROOT,
        address="all@ours.example",
        destinations=["Post@OURS.example", "post@ours.example", "Post+Tag@ours.example", "B@Bücher.example"],
    )
    expected = ["b@xn--bcher-kva.example", "post+tag@ours.example", "post@ours.example"]
    assert sorted(item.address for item in alias.destinations.all()) == expected


@pytest.mark.parametrize(
    ("destinations", "reason"),
    [
        ([], "at least one"),
        (["nobody@ours.example"], "no address nobody@ours.example"),
        (["nonsense"], "not a mail address"),
        ([f"a{number}@elsewhere.test" for number in range(MOST_DESTINATIONS + 1)], "at most 100"),
        (["new@ours.example"], "come back"),
        (["new+detail@ours.example", "post@ours.example"], "come back"),
    ],
)
def test_bad_destinations(destinations: list[str], reason: str, ours: Tenant) -> None:
    with refused("destinations", reason):
        create_alias(actor=ROOT, address="new@ours.example", destinations=destinations)


def test_aliases_never_run_in_a_circle(ours: Tenant) -> None:
    create_alias(actor=ROOT, address="one@ours.example", destinations=["team@ours.example"])
    create_alias(actor=ROOT, address="two@ours.example", destinations=["one@ours.example"])
    with refused("destinations", "come back"):
        change_alias(actor=ROOT, alias=ours.alias, destinations=["post@ours.example", "two@ours.example"])


def test_unknown_addresses_of_others_are_not_told_apart(ours: Tenant, theirs: Tenant) -> None:
    alias = create_alias(
        actor=Actor(user=ours.admin, via="web"),
        address="out@ours.example",
        destinations=["post@theirs.example", "nobody@theirs.example"],
    )
    assert alias.destinations.count() == 2


def test_change_replaces_all_destinations(ours: Tenant) -> None:
    changed = change_alias(actor=ROOT, alias=ours.alias, destinations=["a@elsewhere.test"], is_active=False)
    assert [item.address for item in changed.destinations.all()] == ["a@elsewhere.test"]
    assert changed.is_active is False
    entry = AuditEntry.objects.latest("pk")
    assert entry.changes == {"is_active": [True, False], "destinations": [["post@ours.example"], ["a@elsewhere.test"]]}


def test_removing_an_alias_says_where_it_was_used(ours: Tenant) -> None:
    create_alias(actor=ROOT, address="deep@ours.example", destinations=["team@ours.example", "post@ours.example"])
    message = remove_alias(actor=ROOT, alias=ours.alias)
    assert "deep@ours.example" in message


def test_a_password_too_weak_makes_no_mailbox(ours: Tenant) -> None:
    with refused("password", "at least 10"):
        create_mailbox(actor=ROOT, address="weak@ours.example", password="short")
    with pytest.raises(ActionError, match="login name"):
        create_mailbox(actor=ROOT, address="weak@ours.example", password="Weak@Ours.example")
    assert create_mailbox(actor=ROOT, address="weak@ours.example", password=PASSWORD).user.check_password(PASSWORD)
