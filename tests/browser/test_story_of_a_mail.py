"""The first thing a customer does: add a mailbox, get a mail, see in the ledger what became of it."""

from __future__ import annotations

import smtplib

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import NARROW, WIDE, Visitor, Visitors
from tests.harness.clients import Account, mail, send_from_outside, unique, wait_for_mail
from tests.harness.platform import Platform
from tests.harness.wait import until

WINDOWS = [
    pytest.param({"language": language, "width": width}, id=f"{language}-{width}")
    for language in ("en", "de")
    for width in (WIDE, NARROW)
]
WORDS = {
    "en": {"delivered": "Delivered", "refused": "Refused", "reason": "The mail looks like spam.", "to": "Delivered to"},
    "de": {
        "delivered": "Zugestellt",
        "refused": "Abgelehnt",
        "reason": "Die E-Mail sieht nach Spam aus.",
        "to": "Zugestellt an",
    },
}
GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n"


def _add_mailbox(visitor: Visitor, local_part: str) -> str:
    """Through the form; the password that is shown once."""
    page = visitor.go("/mailboxes/add")
    page.locator("[name=domain]").select_option(label="@demo.example")
    page.locator("[name=local_part]").fill(local_part)
    page.locator("[name=display_name]").fill("Erika Muster")
    page.locator("main form button.btn-primary").click()
    secret = page.locator("#secret").inner_text()
    visitor.picture("mailbox made")
    assert visitor.overflow() == 0
    return secret


def _open_story(visitor: Visitor, subject: str, state: str) -> None:
    """Find the mail in the ledger by its subject, as soon as it has this state, and open it."""
    page = visitor.page

    def listed() -> bool:
        visitor.go(f"/ledger?q={subject}")
        return page.locator("#results tbody tr").filter(has_text=state).count() == 1

    until(listed, f"{subject!r} being {state} in the ledger")
    visitor.picture("ledger found")
    page.get_by_role("link", name=subject).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)


@pytest.mark.parametrize("window", WINDOWS)
def test_a_new_mailbox_gets_its_mail_and_tells_its_story(
    visitors: Visitors, platform: Platform, window: dict[str, object]
) -> None:
    words = WORDS[str(window["language"])]
    admin = visitors.signed_in("domain_admin", **window)
    local_part = unique("erika").replace(" ", "-")
    address = f"{local_part}@demo.example"
    password = _add_mailbox(admin, local_part)

    subject = unique("Hello")
    send_from_outside(platform, mail(subject, to=address), [address])
    wait_for_mail(platform, Account(address, password), subject)

    _open_story(admin, subject, words["delivered"])
    expect(admin.page.locator(".story")).to_contain_text(f"{words['to']} {address}")
    admin.picture("story delivered")
    assert admin.overflow() == 0

    owner = visitors.open(**window)  # type: ignore[arg-type] # as above
    owner.sign_in(address, password)
    expect(owner.page.get_by_role("link", name=subject)).to_be_visible()
    owner.picture("mailbox owner")
    assert owner.overflow() == 0


@pytest.mark.parametrize("window", WINDOWS)
def test_a_refused_mail_says_why(visitors: Visitors, platform: Platform, window: dict[str, object]) -> None:
    words = WORDS[str(window["language"])]
    subject = unique("Prize")
    with pytest.raises(smtplib.SMTPDataError):
        send_from_outside(platform, mail(subject, body=GTUBE), ["alice@demo.example"])
    alice = visitors.signed_in("alice", **window)
    _open_story(alice, subject, words["refused"])
    expect(alice.page.locator(".page-intro")).to_contain_text(words["reason"])
    alice.page.locator("summary").first.click()
    expect(alice.page.locator("details[open]").first).to_contain_text("554 5.7.1")
    alice.picture("story refused")
    assert alice.overflow() == 0
