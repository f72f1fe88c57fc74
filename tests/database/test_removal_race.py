"""A mailbox is removed while a daemon writes of its owner: the daemon waits, and the removal does not fail."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from mailcenter.actions import mailboxes
from mailcenter.actions.domains import create_domain
from mailcenter.actions.mailboxes import create_mailbox, remove_mailbox
from mailcenter.actions.organisations import create_organisation
from mailcenter.directory.models import LoginNetwork, Mailbox, User
from tests.database.world import ROOT


def _in_another_session(user_id: int, network: str) -> str:
    """What becomes of a row as the guard writes it; its reference to the user is checked at the end."""
    said: list[str] = []

    def write() -> None:
        now = timezone.now()
        try:
            with transaction.atomic():
                connection.cursor().execute("SET LOCAL lock_timeout = '300ms'")
                LoginNetwork.objects.create(user_id=user_id, network=network, first_at=now, last_at=now)
            said.append("written")
        except DatabaseError as error:
            said.append(type(error.__cause__).__name__)
        finally:
            connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join(timeout=60)
    return said[0]


@pytest.mark.django_db(transaction=True)
def test_nobody_writes_of_the_owner_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    create_domain(actor=ROOT, organisation=create_organisation(actor=ROOT, name="race"), name="race.example")
    mailbox = create_mailbox(actor=ROOT, address="box@race.example")
    owner_id = mailbox.user_id
    assert _in_another_session(owner_id, "192.0.2.0/24") == "written"
    meanwhile: list[str] = []

    def in_the_middle(_: Mailbox) -> None:
        meanwhile.append(_in_another_session(owner_id, "198.51.100.0/24"))

    monkeypatch.setattr(mailboxes, "end_mail_sessions", in_the_middle)
    remove_mailbox(actor=ROOT, mailbox=mailbox)
    assert meanwhile == ["LockNotAvailable"]
    assert not User.objects.filter(pk=owner_id).exists()
    assert not LoginNetwork.objects.filter(user_id=owner_id).exists()
