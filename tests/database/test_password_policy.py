"""The platform's policy of passwords by every door, and reminders of weak ones by the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from psycopg import Connection

from mailcenter.actions import Actor, NotAllowedError
from mailcenter.actions.domains import change_domain
from mailcenter.actions.password_policy import change_password_policy, policy_in_force
from mailcenter.actions.passwords import check_password, generate_password, must_change, set_password
from mailcenter.directory.models import AuditEntry, PasswordPolicy, User
from mailcenter.serve.notices.weak_passwords import WeakPasswords
from mailcenter.settings.model import Notices
from tests.database.api_client import Program
from tests.database.world import ROOT, Tenant, refused, token_for

LAST_DAY = date(2031, 5, 20)


def told(user: User) -> list[tuple[str, bool]]:
    """What notices about his password there are for him: of which last day, and whether it is over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT details->>'last_day', (details->>'over')::boolean FROM ledger_notice"
            " WHERE mailbox_id = %s AND kind = 'weak-password' ORDER BY id",
            [user.mailbox.pk],
        )
        return [(str(last_day), bool(over)) for last_day, over in cursor.fetchall()]


def look(days: int, *, most: int = 20) -> None:
    """As the notices daemon does so many days after the last day."""
    configured = settings.MAILCENTER.model_copy(update={"notices": Notices(most_per_day=most)})
    moment = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 12, tzinfo=UTC) + timedelta(days=days)
    raw: Connection[Any] = connection.connection
    WeakPasswords(configured, now=lambda: moment).look(raw)


@pytest.fixture
def weak(ours: Tenant) -> User:
    """Whose password was found to be weak at a login."""
    User.objects.filter(pk=ours.owner.pk).update(password_weak=True, password_judged=3)
    return User.objects.get(pk=ours.owner.pk)


def test_operators_have_a_word_before_the_configuration_and_domains_before_both(ours: Tenant, operator: User) -> None:
    configured = settings.MAILCENTER.passwords.minimum_score
    assert policy_in_force().minimum_score == configured
    change_password_policy(actor=Actor(operator, "web"), password_minimum=4, password_deadline=LAST_DAY)
    assert (policy_in_force().minimum_score, policy_in_force().deadline) == (4, LAST_DAY)
    entry = AuditEntry.objects.get(action="password_policy.change")
    assert (entry.acting_login, entry.changes["password_minimum"]) == (operator.login, [None, 4])
    assert entry.organisation_id is None
    with refused("password"):
        set_password(actor=ROOT, user=ours.admin, password="walrus-umbrella")
    change_domain(actor=ROOT, domain=ours.domain, password_minimum=0)
    set_password(actor=ROOT, user=ours.owner, password="walrus-umbrella")
    assert seen_by_the_logins_daemon(ours.owner) == (0, LAST_DAY)
    change_password_policy(actor=ROOT, password_minimum=None)
    assert policy_in_force().minimum_score == configured
    assert policy_in_force().deadline == LAST_DAY


def seen_by_the_logins_daemon(user: User) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT minimum, deadline FROM engine.ask_login_account(%s)", [user.login])
        return cursor.fetchone()


def test_who_must_change_follows_the_platform(weak: User) -> None:
    assert not must_change(weak)
    change_password_policy(actor=ROOT, password_deadline=date(2020, 1, 31))
    assert must_change(weak)


def test_only_operators_change_it(ours: Tenant, support: User) -> None:
    for user in (support, ours.reseller, ours.admin, ours.owner):
        with pytest.raises(NotAllowedError):
            change_password_policy(actor=Actor(user, "web"), password_minimum=0)
    with refused("password_minimum"):
        change_password_policy(actor=ROOT, password_minimum=5)
    assert not PasswordPolicy.objects.exclude(password_minimum=None).exists()


def test_by_the_api(ours: Tenant, operator: User) -> None:
    program, theirs = Program(token_for(operator)), Program(token_for(ours.admin))
    answer = program("patch", "/password-policy", {"password_minimum": 4, "password_deadline": "2031-05-20"})
    assert (answer.status, answer.body["minimum_in_force"], answer.body["deadline_in_force"]) == (200, 4, "2031-05-20")
    assert theirs("get", "/password-policy").body["minimum_in_force"] == 4
    assert theirs("patch", "/password-policy", {"password_minimum": 0}).status == 403
    assert program("patch", "/password-policy", {"password_minimum": 9}).status == 422
    assert program("patch", "/password-policy", {"password_minimum": None}).body["password_minimum"] is None


def test_by_the_screen(weak: User, operator: User, support: User, client: Client) -> None:
    address = reverse("password-policy")
    client.force_login(operator)
    answer = client.post(address, {"password_minimum": "4", "password_deadline": "2031-05-20"}, follow=True)
    page = answer.content.decode()
    assert "Hardly to be guessed" in page
    assert "Passwords known to be weak</dt><dd>1<" in page
    assert (policy_in_force().minimum_score, policy_in_force().deadline) == (4, LAST_DAY)
    client.post(address, {"password_minimum": "", "password_deadline": ""})
    assert policy_in_force().deadline == settings.MAILCENTER.passwords.deadline
    client.force_login(support)
    assert '<button class="btn btn-primary">' not in client.get(address).content.decode()
    client.force_login(weak)
    assert client.get(address).status_code == 403


def test_owners_are_reminded_before_and_after_the_last_day_each_time_once(weak: User) -> None:
    change_password_policy(actor=ROOT, password_deadline=LAST_DAY)
    look(-8)
    assert told(weak) == []
    for days in (-7, -6, -2):
        look(days)
    assert told(weak) == [("2031-05-20", False)]
    look(-1)
    look(0)
    assert told(weak) == [("2031-05-20", False)] * 2
    for days in (1, 2, 7):
        look(days)
    assert told(weak) == [("2031-05-20", False)] * 2 + [("2031-05-20", True)]
    look(8)
    assert len(told(weak)) == 3


def test_a_domain_has_a_last_day_of_its_own(weak: User, ours: Tenant) -> None:
    change_password_policy(actor=ROOT, password_deadline=LAST_DAY)
    change_domain(actor=ROOT, domain=ours.domain, password_deadline=LAST_DAY + timedelta(days=100))
    look(0)
    assert told(weak) == []
    look(99)
    assert told(weak) == [("2031-08-28", False)]


@pytest.mark.parametrize(
    "now", [{"password_weak": False}, {"password_judged": 4}, {"is_active": False}], ids=["strong", "stricter", "off"]
)
def test_nobody_else_is_reminded(weak: User, now: dict[str, Any]) -> None:
    """Judged by a stricter policy than today's, a password may be strong enough."""
    change_password_policy(actor=ROOT, password_deadline=LAST_DAY)
    User.objects.filter(pk=weak.pk).update(**now)
    look(0)
    assert told(weak) == []


def test_never_more_in_a_day_than_the_settings_allow(weak: User) -> None:
    change_password_policy(actor=ROOT, password_deadline=LAST_DAY)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_notice (mailbox_id, sender, day, kind, reference, details)"
            " VALUES (%s, 'other', %s, 'lockout', '', '{}')",
            [weak.mailbox.pk, LAST_DAY],
        )
    look(0, most=1)
    assert told(weak) == []
    look(0, most=2)
    assert len(told(weak)) == 1


def test_generated_passwords_pass_the_check(db: None) -> None:
    assert check_password(made := generate_password(), owner=User(login="a@demo.example")) == made
    assert len(set(made) - {"-"}) > 5
