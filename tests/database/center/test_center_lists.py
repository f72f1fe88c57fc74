"""Lists of senders, treatment, and what was refused for a mailbox owner, by the screens."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from mailcenter.directory.models import Domain, Mailbox, SenderEntry, User
from mailcenter.mail.reference import reference_at
from tests.database.ledger_rows import BEGAN, transaction
from tests.database.world import Tenant


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _refused_for(mailbox: Mailbox, rule: str = "spam", sender: str = "friend@other.example") -> str:
    no = {"verdict": "reject", "code": 554, "enhanced": "5.7.1", "rule": rule, "reply": "no"}
    ids = {"mailbox_id": mailbox.pk, "domain_id": mailbox.domain_id, "organisation_id": mailbox.domain.organisation_id}
    made = transaction(1, {"address": mailbox.address, **no, **ids}, **no, header_from=sender, subject="Hello you")
    assert made.reference == reference_at(made.started_at, 1)
    assert made.started_at > BEGAN
    return made.reference


def test_a_mailbox_owner_allows_a_sender_with_one_click(ours: Tenant) -> None:
    client, reference = _signed_in(ours.owner), _refused_for(ours.mailbox)
    page = client.get(reverse("refused")).content.decode()
    assert "Hello you" in page
    allow = reverse("refused-allow", args=[reference])
    assert allow in page
    assert client.post(allow).status_code == 302
    entry = SenderEntry.objects.get(mailbox=ours.mailbox)
    assert (entry.action, entry.pattern, entry.note) == ("allow", "friend@other.example", reference)
    assert client.post(allow).status_code == 302, "a second click does no harm"


def test_who_was_denied_is_allowed(ours: Tenant) -> None:
    client, reference = _signed_in(ours.owner), _refused_for(ours.mailbox, "denied-author")
    client.post(reverse("sender-add"), {"sender": "friend@other.example", "action": "deny", "place": _own(ours)})
    client.post(reverse("refused-allow", args=[reference]))
    assert SenderEntry.objects.get(mailbox=ours.mailbox).action == "allow"


def _own(tenant: Tenant) -> str:
    return f"mailbox-{tenant.mailbox.pk}"


@pytest.mark.parametrize("rule", ["virus", "attachments", "dnsbl", "dmarc"])
def test_what_no_entry_lifts_has_no_button(ours: Tenant, rule: str) -> None:
    client, reference = _signed_in(ours.owner), _refused_for(ours.mailbox, rule)
    allow = reverse("refused-allow", args=[reference])
    assert allow not in client.get(reverse("refused")).content.decode()
    assert client.post(allow).status_code == 404


def test_what_was_refused_for_others_is_not_there(ours: Tenant, theirs: Tenant) -> None:
    client, reference = _signed_in(ours.owner), _refused_for(theirs.mailbox)
    assert "Hello you" not in client.get(reverse("refused")).content.decode()
    assert client.post(reverse("refused-allow", args=[reference])).status_code == 404
    assert not SenderEntry.objects.filter(mailbox__isnull=False).exists()


def test_an_entry_goes_to_ones_own_lists_only(ours: Tenant, theirs: Tenant) -> None:
    values = {"sender": "*.spam.example", "action": "deny"}
    places = {
        "owner": [f"domain-{ours.domain.pk}", f"mailbox-{theirs.mailbox.pk}", "platform"],
        "admin": [f"domain-{theirs.domain.pk}", "platform"],
        "restricted": [f"domain-{ours.second_domain.pk}", "platform"],
    }
    before = SenderEntry.objects.count()
    for role, forbidden in places.items():
        client = _signed_in(ours.users[role])
        for place in forbidden:
            assert client.post(reverse("sender-add"), {**values, "place": place}).status_code == 200
    assert SenderEntry.objects.count() == before
    answer = _signed_in(ours.admin).post(reverse("sender-add"), {**values, "place": f"domain-{ours.domain.pk}"})
    assert answer.status_code == 302
    assert SenderEntry.objects.get(kind="subdomains").domain == ours.domain


def test_an_owner_sets_his_own_thresholds(ours: Tenant) -> None:
    client = _signed_in(ours.owner)
    page = reverse("mailbox-treatment", args=[ours.mailbox.pk])
    assert client.get(reverse("treatment")).headers["location"] == page
    values = {"junk_score": "3.5", "refuse_score": "7", "spam_action": "mark", "notices": "no"}
    assert client.post(page, values).status_code == 302
    mailbox = Mailbox.objects.get(pk=ours.mailbox.pk)
    assert (float(mailbox.junk_score or 0), mailbox.spam_action, mailbox.notices) == (3.5, "mark", False)
    assert client.post(page, {}).status_code == 302
    mailbox.refresh_from_db()
    assert (mailbox.junk_score, mailbox.spam_action, mailbox.notices) == (None, None, None)
    assert client.post(page, {"junk_score": "9", "refuse_score": "5"}).status_code == 200


def test_an_administrator_sets_those_of_a_domain(ours: Tenant) -> None:
    client = _signed_in(ours.admin)
    page = reverse("domain-treatment", args=[ours.domain.pk])
    assert client.post(page, {"blocked_extensions": "EXE, .scr", "encrypted_archives": "refuse"}).status_code == 302
    domain = Domain.objects.get(pk=ours.domain.pk)
    assert (domain.blocked_extensions, domain.encrypted_archives) == (["exe", "scr"], "refuse")


def test_an_administrator_lists_a_sender_for_a_mailbox(ours: Tenant) -> None:
    client, page = _signed_in(ours.admin), reverse("mailbox", args=[ours.mailbox.pk])
    add = f"{reverse('sender-add')}?mailbox={ours.mailbox.pk}"
    assert add in client.get(page).content.decode()
    values = {"sender": "shop@other.example", "action": "deny", "place": _own(ours)}
    assert client.post(add, values).headers["location"] == page
    assert SenderEntry.objects.get(mailbox=ours.mailbox).pattern == "shop@other.example"
    assert "shop@other.example" in client.get(page).content.decode()


def test_an_administrator_lists_nobody_for_anothers_mailbox(ours: Tenant, theirs: Tenant) -> None:
    add = f"{reverse('sender-add')}?mailbox={theirs.mailbox.pk}"
    values = {"sender": "shop@other.example", "action": "deny", "place": _own(theirs)}
    assert _signed_in(ours.admin).post(add, values).status_code == 200
    assert not SenderEntry.objects.filter(mailbox=theirs.mailbox).exists()
