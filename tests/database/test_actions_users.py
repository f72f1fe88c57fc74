"""Users, passwords and API keys: who may make whom, and who may never lock himself or all others out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from mailcenter.actions import ActionError, Actor, NotAllowedError, NotFoundError
from mailcenter.actions.api_keys import change_api_key, create_api_key, remove_api_key
from mailcenter.actions.passwords import LONGEST, generate_password, set_password
from mailcenter.actions.sessions import end_sessions
from mailcenter.actions.users import change_user, create_user, remove_user
from mailcenter.directory.models import ApiKey, Role, User
from mailcenter.directory.models.app_password import SessionEnd
from tests.database.world import PASSWORD, ROOT, Tenant, make_user, refused

RANKS = [Role.MAILBOX, Role.DOMAIN_ADMIN, Role.RESELLER, Role.SUPPORT, Role.OPERATOR]


def test_the_first_operator_is_made_by_root(db: None) -> None:
    user = create_user(actor=ROOT, login=" Boss ", role="operator", password=PASSWORD)
    assert (user.login, user.organisation, user.check_password(PASSWORD)) == ("boss", None, True)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"role": "emperor"}, "role"),
        ({"role": "mailbox"}, "role"),
        ({"role": "reseller"}, "organisation"),
        ({"login": ""}, "login"),
        ({"login": "two words"}, "login"),
        ({"login": "x" * 65}, "login"),
        ({"login": "a@b@"}, "login"),
        ({"language": "fr"}, "language"),
        ({"password": "123456789"}, "password"),
        ({"display_name": "a\nb"}, "display_name"),
    ],
)
def test_bad_users(arguments: dict[str, Any], field: str, db: None) -> None:
    with refused(field):
        create_user(actor=ROOT, **({"login": "somebody", "role": "operator"} | arguments))
    assert not User.objects.exists()


def test_the_platforms_people_have_no_organisation(ours: Tenant) -> None:
    with refused("organisation", "belong to no organisation"):
        create_user(actor=ROOT, login="x", role="operator", organisation=ours.organisation)


def test_a_login_is_taken_once(ours: Tenant) -> None:
    for login in ("admin-ours", "ADMIN-ours", "post@ours.example", "Post@Ours.example"):
        with refused("login", "already taken"):
            create_user(actor=ROOT, login=login, role="domain_admin", organisation=ours.organisation)


def test_nobody_takes_addresses_of_other_customers_as_login(ours: Tenant, theirs: Tenant) -> None:
    """It would keep them from making the mailbox."""
    actor = Actor(user=ours.admin, via="web")
    with refused("login", "already taken"):
        create_user(actor=actor, login="ceo@theirs.example", role="domain_admin")
    assert create_user(actor=actor, login="ceo@ours.example", role="domain_admin").organisation == ours.organisation
    assert create_user(actor=actor, login="ceo@elsewhere.test", role="domain_admin").login == "ceo@elsewhere.test"


@pytest.mark.parametrize("acting", ["reseller", "admin", "restricted", "owner"])
@pytest.mark.parametrize("made", [role for role in RANKS if role != Role.MAILBOX])
def test_nobody_makes_a_role_above_his_own(acting: str, made: Role, ours: Tenant) -> None:
    actor = Actor(user=ours.users[acting], via="web")
    allowed = {"reseller": {Role.RESELLER, Role.DOMAIN_ADMIN}, "admin": {Role.DOMAIN_ADMIN}}.get(acting, set())
    if made in allowed:
        assert create_user(actor=actor, login="new", role=made).organisation == ours.organisation
        return
    with pytest.raises(NotAllowedError):
        create_user(actor=actor, login="new", role=made)


def test_an_administrator_does_not_rule_the_reseller(ours: Tenant) -> None:
    actor = Actor(user=ours.admin, via="web")
    for deed in (
        lambda: set_password(actor=actor, user=ours.reseller, password=PASSWORD),
        lambda: change_user(actor=actor, user=ours.reseller, is_active=False),
        lambda: remove_user(actor=actor, user=ours.reseller),
    ):
        with pytest.raises(NotAllowedError, match="above your own"):
            deed()


def test_who_manages_some_domains_makes_and_frees_no_administrators(ours: Tenant) -> None:
    actor = Actor(user=ours.restricted, via="web")
    with pytest.raises(NotAllowedError):
        create_user(actor=actor, login="free", role="domain_admin")
    with pytest.raises(NotAllowedError):
        change_user(actor=actor, user=ours.restricted, domains=[])
    with pytest.raises(NotFoundError):
        set_password(actor=actor, user=ours.admin, password=PASSWORD)


def test_restriction_to_domains_of_the_own_organisation(ours: Tenant, theirs: Tenant) -> None:
    with refused("domains", "no such domain"):
        change_user(actor=ROOT, user=ours.admin, domains=[theirs.domain])
    with refused("domains", "Only a domain administrator"):
        change_user(actor=ROOT, user=ours.reseller, domains=[ours.domain])
    change_user(actor=ROOT, user=ours.admin, domains=[ours.domain, ours.second_domain])
    assert ours.admin.domains.count() == 2


def test_of_oneself_name_and_language_only(operator: User) -> None:
    actor = Actor(user=operator, via="web")
    assert change_user(actor=actor, user=operator, language="de", display_name="Op").language == "de"
    with pytest.raises(NotAllowedError, match="own account"):
        change_user(actor=actor, user=operator, is_active=False)
    with pytest.raises(NotAllowedError, match="own account"):
        remove_user(actor=actor, user=operator)


def test_the_last_operator_stays(operator: User) -> None:
    for deed in (
        lambda: change_user(actor=ROOT, user=operator, is_active=False),
        lambda: remove_user(actor=ROOT, user=operator),
    ):
        with refused("user", "last operator"):
            deed()
    make_user(Role.OPERATOR, None, "second")
    remove_user(actor=ROOT, user=operator)


def test_a_mailbox_owner_goes_with_his_mailbox(ours: Tenant) -> None:
    with refused("user", "remove the mailbox"):
        remove_user(actor=ROOT, user=ours.owner)


def test_ones_own_password_needs_the_current_one(ours: Tenant) -> None:
    set_password(actor=ROOT, user=ours.owner, password=PASSWORD)
    for via in ("web", "api"):
        actor = Actor(user=ours.owner, via=via)
        for wrong in (None, "", "not this one", "x" * 100_000):
            with refused("current_password", "not your current"):
                set_password(actor=actor, user=ours.owner, password="another-fine-one", current_password=wrong)
    set_password(
        actor=Actor(user=ours.owner, via="web"),
        user=ours.owner,
        password="another-fine-one",
        current_password=PASSWORD,
    )
    ours.owner.refresh_from_db()
    assert ours.owner.check_password("another-fine-one")


@pytest.mark.parametrize(
    "password", ["", "123456789", "post@ours.example", "POST@ours.example", "tab\there-now", "x" * (LONGEST + 1)]
)
def test_bad_passwords(password: str, ours: Tenant) -> None:
    with refused("password"):
        set_password(actor=ROOT, user=ours.owner, password=password)


def test_generated_passwords_are_good_and_never_the_same(ours: Tenant) -> None:
    made = {generate_password() for _time in range(100)}
    assert len(made) == 100
    set_password(actor=ROOT, user=ours.owner, password=made.pop())


def test_keys_are_kept_as_hash_only(ours: Tenant) -> None:
    key, token = create_api_key(actor=ROOT, user=ours.admin, name="backup", scopes=["ledger:read", "domains:read"])
    start, prefix, secret = token.split("_")
    assert (start, prefix, len(secret)) == ("mc", key.prefix, 64)
    assert key.scopes == ["domains:read", "ledger:read"]
    assert secret not in str(vars(ApiKey.objects.get()))


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "expires_at"),
    ],
)
def test_bad_keys(arguments: dict[str, Any], field: str, ours: Tenant) -> None:
    values: dict[str, Any] = {"name": "x", "scopes": ["domains:read"]} | arguments
    with refused(field):
        create_api_key(actor=ROOT, user=ours.admin, **values)


def test_keys_are_ones_own(ours: Tenant) -> None:
    own, _token = create_api_key(actor=ROOT, user=ours.admin, name="own", scopes=["domains:read"])
    others, _token = create_api_key(actor=ROOT, user=ours.reseller, name="others", scopes=["domains:read"])
    actor = Actor(user=ours.admin, via="web")
    assert change_api_key(actor=actor, api_key=own, name="mine").name == "mine"
    with pytest.raises(NotFoundError):
        remove_api_key(actor=actor, api_key=others)
    with pytest.raises(NotAllowedError, match="yourself"):
        create_api_key(actor=actor, user=ours.restricted, name="x", scopes=["domains:read"])
    assert "mine" in remove_api_key(actor=actor, api_key=own)


@pytest.mark.parametrize("via", ["web", "api"])
def test_nobody_cannot_act_through_web_or_api(via: Any) -> None:
    with pytest.raises(ValueError, match="nobody"):
        Actor(user=None, via=via)


def test_a_refusal_names_field_and_reason() -> None:
    error = ActionError("name", "This must not be empty.")
    assert (error.field, error.message, str(error)) == ("name", "This must not be empty.", "This must not be empty.")


def test_who_is_switched_off_or_signed_out_everywhere_is_logged_out_of_mail_programs(ours: Tenant) -> None:
    """And nobody else is, nor by a change of something else."""

    def ended() -> list[str]:
        addresses = list(SessionEnd.objects.values_list("address", flat=True))
        SessionEnd.objects.all().delete()
        return addresses

    change_user(actor=ROOT, user=ours.owner, display_name="Somebody")
    assert ended() == []
    end_sessions(actor=ROOT, user=ours.owner)
    assert ended() == [ours.owner.login]
    change_user(actor=ROOT, user=ours.owner, is_active=False)
    assert ended() == [ours.owner.login]
    change_user(actor=ROOT, user=ours.owner, is_active=True)
    assert ended() == []
