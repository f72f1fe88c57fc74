"""No screen shows or changes what belongs to another customer, whoever asks for whatever id."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from mailcenter.actions.api_keys import create_api_key
from mailcenter.center.urls import urlpatterns
from mailcenter.directory.models import (
    ApiKey,
    AppPassword,
    Ban,
    NetworkEntry,
    RefusalReport,
    SecondFactor,
    SenderEntry,
    User,
)
from tests.database.api_client import add_to_ledger
from tests.database.second_factors import Device
from tests.database.world import PASSWORD, ROOT, Tenant, session_of, snapshot

PAGES = [pattern for pattern in urlpatterns if isinstance(pattern, URLPattern) and pattern.name]
REFUSALS = {"refusal", "refusal-report", "refusal-reported", "replies", "reply"}
DISCOVERY = {"programs", "autoconfig", "autodiscover", "autodiscover-json", "autodiscover-json-address"}
PUBLIC = {"login", "second-step", "healthz", "language", "logout", "locked", *REFUSALS, *DISCOVERY}
"""Pages that need no login and show nothing of anybody."""
OUR_REFERENCE, THEIR_REFERENCE = "0000000000001", "0000000000002"


@dataclass(frozen=True)
class Belongings:
    """What a page with an id in its address can be about, for one customer."""

    tenant: Tenant
    key: ApiKey
    reference: str

    def address(self, name: str) -> str:
        """The page of this name with the customer's id; a page about something new fails here."""
        subject = name.removesuffix("-remove").removesuffix("-password").removesuffix("-treatment")
        subject = subject.removesuffix("-dns").removesuffix("-programs").removesuffix("-profile")
        subject = subject if subject == "second-factor" else subject.removesuffix("-second-factor")
        tenant = self.tenant
        ids = {
            "organisation": tenant.organisation.pk,
            "domain": tenant.domain.pk,
            "mailbox": tenant.mailbox.pk,
            "alias": tenant.alias.pk,
            "user": tenant.admin.pk,
            "api-key": self.key.pk,
            "app": AppPassword.objects.get(mailbox=tenant.mailbox).pk,
            "network": NetworkEntry.objects.get().pk,
            "sender": SenderEntry.objects.get(domain=tenant.domain).pk,
            "ban": Ban.objects.get().pk,
            "rule": "spam",
            "act-as-begin": tenant.admin.pk,
            "session-end": session_of(tenant.admin).number,
            "second-factor": SecondFactor.objects.filter(user=tenant.admin).values_list("pk", flat=True)[0],
            "report": RefusalReport.objects.get().pk,
        }
        return reverse(name, args=[self.reference if subject in ("story", "refused-allow") else ids[subject]])


def _belongings(tenant: Tenant, reference: str) -> Belongings:
    key, _token = create_api_key(
        actor=ROOT, user=tenant.admin, name=f"key of {tenant.organisation.name}", scopes=["domains:read"]
    )
    Device(tenant.admin, f"passkey of {tenant.organisation.name}")
    return Belongings(tenant, key, add_to_ledger(tenant, reference))


@pytest.fixture
def our_things(ours: Tenant) -> Belongings:
    return _belongings(ours, OUR_REFERENCE)


@pytest.fixture
def their_things(theirs: Tenant) -> Belongings:
    return _belongings(theirs, THEIR_REFERENCE)


APP_PASSWORDS = {"app-passwords", "app-password-add", "app-password-remove"}
SESSIONS = {"second-factor-remove", "session-end", "sessions-end-others"}
OWNERS_ONLY = {"treatment", "refused", "refused-allow", *APP_PASSWORDS, *SESSIONS}
"""Pages about what is of who is signed in."""
BY_POST_ONLY = {"act-as-begin", "act-as-end"}
"""Pages that lead on to others when they are opened by a link."""
ABOUT_ONE = [str(pattern.name) for pattern in PAGES if "<" in str(pattern.pattern) and pattern.name not in PUBLIC]
"""Pages with an id in their address."""
OTHERS = [str(pattern.name) for pattern in PAGES if "<" not in str(pattern.pattern) and pattern.name not in PUBLIC]


def _entry(things: Belongings) -> dict[str, object]:
    """A form filled in with the customer's ids, good enough for any page."""
    return {
        "name": things.tenant.domain.name,
        "with_mailboxes": "on",
        "organisation": things.tenant.organisation.pk,
        "domain": things.tenant.domain.pk,
        "domains": [things.tenant.domain.pk],
        "local_part": "somebody-new",
        "destinations": things.tenant.mailbox.address,
        "display_name": "Changed",
        "login": "somebody-new",
        "role": "domain_admin",
        "password_choice": "own",
        "password": PASSWORD,
        "catch_all": "",
        "quota": "1",
    }


def _all_pages(things: Belongings) -> list[str]:
    return [*(things.address(page) for page in ABOUT_ONE), *(reverse(page) for page in OTHERS)]


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


ROLES = ["reseller", "admin", "restricted", "owner"]


@pytest.mark.parametrize("role", ROLES)
def test_what_is_theirs_is_not_there(role: str, our_things: Belongings, their_things: Belongings) -> None:
    client = _signed_in(our_things.tenant.users[role])
    before = snapshot()
    for page in ABOUT_ONE:
        address = their_things.address(page)
        for answer in (client.get(address), client.post(address, _entry(their_things))):
            assert answer.status_code in (403, 404), page
            assert "theirs" not in answer.content.decode(), page
    assert snapshot() == before


def test_an_id_of_others_looks_like_one_that_does_not_exist(our_things: Belongings, their_things: Belongings) -> None:
    client = _signed_in(our_things.tenant.admin)
    for page in ABOUT_ONE:
        unknown = reverse(
            page,
            args=[{"story": "9999999999999", "refused-allow": "9999999999999", "rule": "no-rule"}.get(page, 9_999_999)],
        )
        assert client.get(their_things.address(page)).status_code == client.get(unknown).status_code, page


@pytest.mark.parametrize("role", ROLES)
def test_lists_and_forms_hold_nothing_of_theirs(role: str, our_things: Belongings, their_things: Belongings) -> None:
    client = _signed_in(our_things.tenant.users[role])
    for page in OTHERS:
        answer = client.get(reverse(page), follow=True)
        assert answer.status_code in (200, 403), page
        assert "theirs" not in answer.content.decode(), page


@pytest.mark.parametrize("page", ["mailbox-add", "alias-add"])
def test_nothing_is_added_to_their_domain(page: str, our_things: Belongings, their_things: Belongings) -> None:
    client = _signed_in(our_things.tenant.admin)
    before = snapshot()
    answer = client.post(reverse(page), _entry(their_things))
    assert answer.status_code == 200
    assert "domain" in answer.context["form"].errors
    assert snapshot() == before


@pytest.mark.parametrize("page", ["mailboxes", "aliases"])
def test_a_list_cannot_be_narrowed_to_their_domain(page: str, our_things: Belongings, their_things: Belongings) -> None:
    client = _signed_in(our_things.tenant.admin)
    assert client.get(reverse(page), {"domain": their_things.tenant.domain.pk}).status_code == 404
    assert client.get(reverse(page), {"domain": our_things.tenant.domain.pk}).status_code == 200


def test_without_a_login_every_page_asks_for_one(our_things: Belongings) -> None:
    for address in _all_pages(our_things):
        for answer in (Client().get(address), Client().post(address, _entry(our_things))):
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/login?next="), address


def test_who_may_no_longer_log_in_is_shown_nothing(our_things: Belongings) -> None:
    client = _signed_in(our_things.tenant.admin)
    assert client.get(reverse("domains")).status_code == 200
    User.objects.filter(pk=our_things.tenant.admin.pk).update(is_active=False)
    assert client.get(reverse("domains")).status_code == 302


def test_support_sees_and_changes_nothing(support: User, our_things: Belongings) -> None:
    client = _signed_in(support)
    before = snapshot()
    for page in ABOUT_ONE:
        if page in BY_POST_ONLY:  # signing in as a customer changes nothing of his; see test_act_as.py
            continue
        address = our_things.address(page)
        assert client.get(address).status_code in (200, 403, 404), page
        client.post(address, _entry(our_things))
    assert snapshot() == before


def test_the_operator_reaches_every_page(operator: User, our_things: Belongings) -> None:
    client = _signed_in(operator)
    left_out = OWNERS_ONLY | BY_POST_ONLY
    pages = [our_things.address(page) for page in ABOUT_ONE if page not in left_out]
    for address in (*pages, *(reverse(page) for page in OTHERS if page not in left_out)):
        assert client.get(address).status_code == 200, address


def test_the_restricted_administrator_reaches_his_domain_only(our_things: Belongings) -> None:
    tenant = our_things.tenant
    client = _signed_in(tenant.restricted)
    assert client.get(reverse("domain", args=[tenant.domain.pk])).status_code == 200
    assert client.get(reverse("domain", args=[tenant.second_domain.pk])).status_code == 404
