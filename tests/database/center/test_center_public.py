"""What strangers read: the page of a reference and the pages about replies, without login, cookies or secrets."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from mailcenter.center.explanations import ALL
from mailcenter.policy.reply_names import slug_of
from tests.database.ledger_rows import transaction

pytestmark = pytest.mark.django_db
UNKNOWN = {"verdict": "reject", "code": 550, "enhanced": "5.1.1", "rule": "unknown-recipient"}


def _refused(number: int, address: str = "nobody@ours.example", *more: dict[str, Any], **changes: Any) -> str:
    """A mail refused at RCPT; its reference."""
    text = f"<{address}>: no such recipient here"
    reply = {**UNKNOWN, "reply": f"5.1.1 {text} [0123456789abc]", "stage": "rcpt", "queue_id": ""}
    made = transaction(number, {"address": address, **UNKNOWN, "reply": text}, *more, **{**reply, **changes})
    return made.reference


def _page(path: str, language: str = "en", status: int = 200) -> str:
    answer = Client().get(path, headers={"accept-language": language})
    assert answer.status_code == status, path
    assert not answer.cookies, path
    assert answer.headers["content-language"] == language
    return answer.content.decode()


def test_a_refusal_is_told_with_cause_and_remedy() -> None:
    page = _page(f"/r/{_refused(1)}")
    assert "There is no such recipient" in page
    assert "550 5.1.1 &lt;nobody@ours.example&gt;: no such recipient here" in page
    assert "192.0.2.13" in page
    assert "Check the address for typing errors." in page


def test_the_browser_chooses_the_language_and_the_address_overrules_it() -> None:
    reference = _refused(1)
    assert "Diesen Empfänger gibt es nicht" in _page(f"/r/{reference}", "de")
    answer = Client().get(f"/r/{reference}?lang=de", headers={"accept-language": "en"})
    assert "Diesen Empfänger gibt es nicht" in answer.content.decode()
    assert answer.headers["content-language"] == "de"


def test_nothing_else_of_the_mail_is_told() -> None:
    secrets: dict[str, Any] = {
        "subject": "Secret plan",
        "header_from": "boss@secret.test",
        "login": "secret-login",
        "score": 12.25,
    }
    secrets |= {"facts": {"symbols": {"SECRET_SYMBOL": 3.5}}, "message_id": "<secret@x>", "client_name": "secret.test"}
    page = _page(f"/r/{_refused(1, **secrets)}").lower()
    assert "secret" not in page
    assert "12.25" not in page


def test_who_got_the_mail_does_not_learn_whom_it_did_not_reach() -> None:
    """An accepted recipient sees the reference in the header of his copy."""
    taken = {"address": "post@ours.example"}
    page = _page(f"/r/{_refused(1, 'hidden@ours.example', taken, verdict='accept', code=250, reply='2.0.0 accepted')}")
    assert "There is no such recipient" in page
    assert "hidden@" not in page
    assert "post@" not in page


def test_nobody_learns_where_our_users_sit() -> None:
    sent = transaction(1, {"address": "friend@other.example"}, service="submission", login="post@ours.example")
    page = _page(f"/r/{sent.reference}")
    assert "This mail was not refused" in page
    assert "192.0.2.13" not in page


def test_what_the_sender_wrote_is_escaped() -> None:
    page = _page(f"/r/{_refused(1, '<script>alert(1)</script>@ours.example')}")
    assert "<script>alert" not in page


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("reference", ["zzzzzzzzzzzzz", "x", "%00%ff", "a" * 500])
def test_an_unknown_reference(reference: str, language: str) -> None:
    page = _page(f"/r/{reference}", language, 404)
    assert {"de": "Wir kennen diese Referenz nicht", "en": "We do not know this reference"}[language] in page


def test_a_mail_made_on_this_server_is_nobodys_business() -> None:
    assert _page(f"/r/{_refused(1, service='local')}", status=404)


def test_a_reply_that_is_not_in_the_table_is_told_as_it_is() -> None:
    page = _page(f"/r/{_refused(1, code=555, enhanced='5.9.9', reply='5.9.9 something new [0123456789abc]')}")
    assert "555 5.9.9 something new" in page


@pytest.mark.parametrize("language", ["de", "en"])
def test_each_reply_has_its_page(language: str) -> None:
    for name in ALL:
        assert {"de": "Ursache", "en": "Cause"}[language] in _page(f"/replies/{slug_of(name)}", language)


@pytest.mark.parametrize("key", ["550", "5.7.1", "421", "relay-not-permitted", "RELAY-NOT-PERMITTED"])
def test_replies_by_code_or_name(key: str) -> None:
    assert _page(f"/replies/{key}")


@pytest.mark.parametrize("key", ["299", "no-such-reply", "<script>", "5.9.9"])
def test_a_reply_that_does_not_exist(key: str) -> None:
    page = _page(f"/replies/{key}", status=404)
    assert "There is no such error message" in page
    assert "<script>" not in page.replace('<script src="', "")


def test_all_replies_on_one_page() -> None:
    page = _page("/replies/", "de")
    assert all(f"/replies/{slug_of(name)}" in page for name in ALL if not name.startswith(("ACCEPTED", "RECIPIENT_OK")))
    assert "Bad recipient address syntax" in page


@pytest.mark.parametrize(("language", "words"), [("de", "Ihre Adresse ist nicht gesperrt"), ("en", "not locked out")])
def test_am_i_locked_out(language: str, words: str) -> None:
    """What a locked-out address reads is seen in tests/daemons/test_guard.py."""
    answer = Client().get("/locked", headers={"accept-language": language, "x-real-ip": "203.0.113.200"})
    assert words in answer.content.decode()
    assert "203.0.113.200" in answer.content.decode()
    assert not answer.cookies


def test_where_the_guard_cannot_tell_it_is_said() -> None:
    assert "We cannot tell at the moment" in _page("/locked", status=503)


@pytest.mark.parametrize("path", ["/r/zzzzzzzzzzzzz", "/replies/", "/replies/550", "/locked"])
def test_they_only_show(path: str) -> None:
    assert Client().post(path).status_code == 405
