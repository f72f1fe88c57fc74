"""What the database itself holds: one owner per address, names that stay, word to the daemons of each change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from mailcenter.actions.aliases import change_alias
from mailcenter.actions.mailboxes import remove_mailbox
from mailcenter.actions.organisations import create_organisation
from mailcenter.actions.users import change_user
from mailcenter.directory.models import Address, Alias, Domain, Mailbox, User
from tests.database.world import PASSWORD, ROOT, Tenant, make_tenant


def test_an_alias_cannot_take_a_mailboxs_address_past_the_actions(ours: Tenant) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Alias.objects.create(domain=ours.domain, local_part="post")


def test_a_mailbox_cannot_take_an_aliass_address_past_the_actions(ours: Tenant) -> None:
    other = Mailbox.objects.create(domain=ours.second_domain, local_part="post", user=ours.admin, store="main")
    with pytest.raises(IntegrityError), transaction.atomic():
        Mailbox.objects.filter(pk=other.pk).update(domain=ours.domain, local_part="team")


def test_an_address_moves_with_its_alias_and_goes_with_it(ours: Tenant) -> None:
    Alias.objects.filter(pk=ours.alias.pk).update(local_part="crew")
    assert set(Address.objects.values_list("address", flat=True)) == {"post@ours.example", "crew@ours.example"}
    ours.alias.delete()
    assert set(Address.objects.values_list("address", flat=True)) == {"post@ours.example"}


def test_a_domains_name_never_changes(ours: Tenant) -> None:
    with pytest.raises(IntegrityError, match="cannot change"), transaction.atomic():
        Domain.objects.filter(pk=ours.domain.pk).update(name="other.example")


def test_platform_roles_and_tenants_do_not_mix(ours: Tenant, operator: User) -> None:
    for user, organisation in ((operator, ours.organisation), (ours.admin, None)):
        with pytest.raises(IntegrityError, match="directory_user_tenant"), transaction.atomic():
            User.objects.filter(pk=user.pk).update(organisation=organisation)


@pytest.fixture
def listener(transactional_db: None) -> Iterator[psycopg.Connection[Any]]:
    """A daemon that listens for changes."""
    database = connection.get_connection_params()
    parameters = {name: database[name] for name in ("dbname", "host", "port", "user")}
    with psycopg.connect(**parameters, autocommit=True) as listening:
        listening.execute("LISTEN directory_changed")
        yield listening


def _told(listening: psycopg.Connection[Any]) -> bool:
    return bool(list(listening.notifies(timeout=2, stop_after=1)))


def _silent(listening: psycopg.Connection[Any]) -> bool:
    return not list(listening.notifies(timeout=0.2, stop_after=1))


def test_daemons_are_told_of_each_change_that_concerns_them(listener: psycopg.Connection[Any]) -> None:
    tenant = make_tenant("ours")
    assert _told(listener)
    while not _silent(listener):
        pass
    User.objects.filter(pk=tenant.admin.pk).update(last_login=timezone.now())
    create_organisation(actor=ROOT, name="another")
    assert _silent(listener), "a login, or a customer without domains, must not drop the caches"
    change_alias(actor=ROOT, alias=tenant.alias, destinations=["x@elsewhere.test"])
    assert _told(listener)
    change_user(actor=ROOT, user=tenant.owner, is_active=False)
    assert _told(listener)
    tenant.owner.set_password(PASSWORD)
    tenant.owner.save(update_fields=["password"])
    assert _silent(listener), "nobody remembers passwords"
    remove_mailbox(actor=ROOT, mailbox=tenant.mailbox)
    assert _told(listener)
