"""Sessions of the center: whose they are, when they end, and who ends them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from mailcenter.actions import Actor, NotFoundError
from mailcenter.actions.passwords import set_password
from mailcenter.actions.second_factors import reset_second_factors
from mailcenter.actions.sessions import end_session, end_sessions
from mailcenter.directory.models import AuditEntry, User, WebSession
from tests.database.second_factors import App
from tests.database.world import PASSWORD, ROOT, Tenant, session_of

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def user(ours: Tenant) -> User:
    set_password(actor=ROOT, user=ours.owner, password=PASSWORD)
    return User.objects.get(pk=ours.owner.pk)


def _signed_in(user: User, address: str = "192.0.2.1", agent: str = FIREFOX) -> Client:
    client = Client(headers={"user-agent": agent, "x-real-ip": address})
    client.post("/login", {"login": user.login, "password": PASSWORD})
    assert _is_in(client)
    return client


def _is_in(client: Client) -> bool:
    return client.get("/profile").status_code == 200


def test_the_list_tells_them_apart(user: User) -> None:
    here = _signed_in(user)
    _signed_in(user, "2001:db8::7", "curl/8.0")
    page = here.get("/profile/sessions", headers={"accept-language": "en"}).content.decode()
    for words in ("Firefox on Linux", "192.0.2.1", "curl", "2001:db8::7", "This one"):
        assert words in page
    for session in WebSession.objects.all():
        assert session.session_key not in page


def test_one_is_ended_and_the_others_go_on(user: User) -> None:
    here, there = _signed_in(user), _signed_in(user, "192.0.2.2")
    number = WebSession.objects.get(address="192.0.2.2").number
    address = reverse("session-end", args=[number])
    here.get(address)
    assert _is_in(there), "a link alone ends nothing"
    assert here.post(address).status_code == 302
    assert _is_in(here)
    assert not _is_in(there)
    assert here.post(address).status_code == 404
    entry = AuditEntry.objects.get(action="user.end_session")
    assert entry.changes["address"] == "192.0.2.2"


def test_all_others_are_ended(user: User) -> None:
    here, *others = (_signed_in(user) for _window in range(3))
    here.post("/profile/sessions/end-others")
    assert _is_in(here)
    assert not any(_is_in(other) for other in others)


def test_a_new_password_ends_the_others(user: User) -> None:
    here, there = _signed_in(user), _signed_in(user)
    entry = {"current_password": PASSWORD, "password": "another-good-one-7", "repeated": "another-good-one-7"}
    assert here.post("/profile/password", entry).status_code == 302
    assert _is_in(here)
    assert not _is_in(there)
    assert WebSession.objects.filter(user=user).count() == 1


def test_a_password_set_by_others_and_a_reset_end_all(user: User) -> None:
    there = _signed_in(user)
    set_password(actor=ROOT, user=user, password=PASSWORD)
    assert not _is_in(there)
    again = _signed_in(user)
    App(user)
    reset_second_factors(actor=ROOT, user=user)
    assert not _is_in(again)


def test_an_idle_session_ends_and_a_busy_one_does_not(user: User) -> None:
    client = _signed_in(user)
    WebSession.objects.update(last_seen_at=timezone.now() - timedelta(minutes=90))
    assert _is_in(client), "a mailbox owner may be idle for two hours"
    row = WebSession.objects.get()
    assert timezone.now() - row.last_seen_at < timedelta(minutes=5)
    assert row.expire_date - row.last_seen_at == timedelta(minutes=120)
    WebSession.objects.update(expire_date=timezone.now())
    assert not _is_in(client)


def test_the_idle_time_is_the_roles(user: User, ours: Tenant, settings: Settings) -> None:
    web = settings.MAILCENTER.web.model_copy(update={"idle_minutes": {"mailbox": 5}})
    settings.MAILCENTER = settings.MAILCENTER.model_copy(update={"web": web})
    _signed_in(user)
    row = WebSession.objects.get()
    assert row.expire_date - row.last_seen_at == timedelta(minutes=5)


def test_a_busy_session_ends_at_last(user: User, settings: Settings) -> None:
    client = _signed_in(user)
    begun = timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE - 600)
    WebSession.objects.update(begun_at=begun, last_seen_at=timezone.now() - timedelta(minutes=5))
    assert _is_in(client)
    assert WebSession.objects.get().expire_date == begun + timedelta(seconds=settings.SESSION_COOKIE_AGE)


def test_ended_sessions_are_forgotten_at_the_next_sign_in(user: User) -> None:
    session_of(user)
    WebSession.objects.update(expire_date=timezone.now() - timedelta(days=1))
    _signed_in(user)
    assert WebSession.objects.count() == 1


def test_an_ended_session_does_not_come_back(user: User) -> None:
    client = _signed_in(user)
    session = client.session
    session["something"] = 1
    end_sessions(actor=ROOT, user=user)
    with pytest.raises(UpdateError):
        session.save()


def test_nobody_ends_what_is_not_his_to(ours: Tenant, theirs: Tenant) -> None:
    session = session_of(theirs.admin)
    for acting in ours.users.values():
        with pytest.raises(NotFoundError):
            end_session(actor=Actor(user=acting, via="web"), session=session)
    end_session(actor=Actor(user=theirs.reseller, via="web"), session=session)
    assert not WebSession.objects.filter(pk=session.pk).exists()
