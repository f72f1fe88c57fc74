"""Signing in by two steps: what proves the second one, and what does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mailcenter.actions.passwords import set_password
from mailcenter.actions.second_factors import make_recovery_codes
from mailcenter.actions.second_step import WRONG_CODES, prove_code
from mailcenter.center.web.second_step import TRIES
from mailcenter.directory.models import SecondFactor, User
from tests.database.second_factors import App, Device
from tests.database.world import PASSWORD, ROOT, Tenant


@pytest.fixture
def user(ours: Tenant) -> User:
    set_password(actor=ROOT, user=ours.admin, password=PASSWORD)
    return User.objects.get(pk=ours.admin.pk)


def _half_way(user: User, **query: str) -> Client:
    """A window in which the password was right."""
    client = Client()
    answer = client.post("/login", {"login": user.login, "password": PASSWORD, **query})
    assert answer.headers["Location"] == "/login/second"
    return client


def _is_in(client: Client) -> bool:
    return client.get("/profile").status_code == 200


def test_between_the_steps_nobody_is_in(user: User) -> None:
    App(user)
    client = _half_way(user)
    assert not _is_in(client)
    assert client.get("/login/second").status_code == 200


def test_the_apps_code_opens_once(user: User) -> None:
    code = App(user).code()
    client = _half_way(user, next="/domains")
    assert client.post("/login/second", {"code": code}).headers["Location"] == "/domains"
    assert _is_in(client)
    again = _half_way(user)
    answer = again.post("/login/second", {"code": code})
    assert "code" in answer.context["form"].errors
    assert not _is_in(again)


@pytest.mark.parametrize("code", ["", "000", "abcdef", "\x00", "x" * 300, "1111-1111-1111"])
def test_what_is_no_code_opens_nothing(user: User, code: str) -> None:
    App(user)
    client = _half_way(user)
    assert client.post("/login/second", {"code": code}).status_code == 200
    assert not _is_in(client)


def test_after_a_few_wrong_codes_the_password_is_asked_again(user: User) -> None:
    app = App(user)
    client = _half_way(user)
    for number in range(TRIES - 1):
        assert client.post("/login/second", {"code": app.wrong_code(number)}).status_code == 200
    assert client.post("/login/second", {"code": app.wrong_code(99)}).headers["Location"] == "/login"
    assert client.post("/login/second", {"code": app.code()}).headers["Location"] == "/login"
    assert not _is_in(client)


def test_who_knows_the_password_does_not_guess_on_for_hours(user: User) -> None:
    app = App(user)
    for number in range(WRONG_CODES):
        assert not prove_code(user, app.wrong_code(number))
    assert not prove_code(user, app.code()), "even the right one, lest it be found by guessing"
    SecondFactor.objects.update(wrong_since=timezone.now() - timedelta(hours=2))
    assert prove_code(user, app.code())


def test_a_recovery_code_opens_once(user: User) -> None:
    App(user)
    codes = make_recovery_codes(actor=ROOT, user=user)
    client = _half_way(user)
    assert client.post("/login/second", {"code": codes[3].upper().replace("-", " ")}).headers["Location"] == "/"
    assert _is_in(client)
    again = _half_way(user)
    assert again.post("/login/second", {"code": codes[3]}).status_code == 200
    assert again.post("/login/second", {"code": codes[4]}).status_code == 302


def test_a_passkey_opens(user: User) -> None:
    device = Device(user)
    client = _half_way(user)
    options = client.get("/login/second").context["options"]
    answer = client.post("/login/second", {"code": "", "passkey": device.answer(options)})
    assert answer.headers["Location"] == "/"
    assert _is_in(client)


def test_a_passkeys_answer_serves_once_and_for_its_question_only(user: User) -> None:
    device = Device(user)
    client = _half_way(user)
    said = device.answer(client.get("/login/second").context["options"])
    other = _half_way(user)
    other.get("/login/second")
    assert other.post("/login/second", {"code": "", "passkey": said}).status_code == 200
    assert not _is_in(other)
    client.get("/login/second")
    assert client.post("/login/second", {"code": "", "passkey": said}).status_code == 200
    assert not _is_in(client)


def test_a_passkey_given_to_a_forged_page_opens_nothing(user: User) -> None:
    device = Device(user)
    client = _half_way(user)
    said = device.answer(client.get("/login/second").context["options"], origin="https://mail.elsewhere.test")
    assert client.post("/login/second", {"code": "", "passkey": said}).status_code == 200
    assert not _is_in(client)


def test_a_passkey_that_counts_backwards_was_copied(user: User) -> None:
    device = Device(user)
    SecondFactor.objects.filter(pk=device.factor.pk).update(counter=5)
    client = _half_way(user)
    said = device.answer(client.get("/login/second").context["options"])
    assert client.post("/login/second", {"code": "", "passkey": said}).status_code == 200
    assert not _is_in(client)


@pytest.mark.parametrize(
    "said", ["{", "[]", "{}", '"x"', '{"id": 1}', '{"rawId": "AA", "id": "AA", "type": "public-key", "response": {}}']
)
def test_a_broken_answer_opens_nothing(user: User, said: str) -> None:
    Device(user)
    client = _half_way(user)
    client.get("/login/second")
    assert client.post("/login/second", {"code": "", "passkey": said}).status_code == 200
    assert not _is_in(client)


def test_the_first_step_holds_for_some_minutes_only(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    app = App(user)
    client = _half_way(user)
    session = client.session
    session["second_step"] = {**session["second_step"], "at": session["second_step"]["at"] - 600}
    session.save()
    assert client.post("/login/second", {"code": app.code()}).headers["Location"] == "/login"
    assert not _is_in(client)


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "argon2$changed"}])
def test_what_changes_between_the_steps_counts(user: User, change: dict[str, Any]) -> None:
    app = App(user)
    client = _half_way(user)
    User.objects.filter(pk=user.pk).update(**change)
    assert client.post("/login/second", {"code": app.code()}).headers["Location"] == "/login"


def test_the_secret_is_sealed_in_the_database(user: User) -> None:
    app = App(user)
    row = SecondFactor.objects.get(pk=app.factor.pk)
    assert row.secret.startswith("gAAAA"), "a Fernet token"
