"""What people do at the screens: sign in, fail, search, switch the language, use the keyboard, have no JavaScript."""

from __future__ import annotations

import re
import smtplib

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import NARROW, Visitors
from tests.harness.clients import account, mail, new_mailbox, send_from_outside, unique
from tests.harness.platform import Platform
from tests.harness.wait import until


def test_a_wrong_password_and_an_unknown_login_look_the_same(visitors: Visitors, platform: Platform) -> None:
    visitor = visitors.open()
    texts = []
    for login in (platform.logins["alice"]["login"], "nobody@demo.example"):
        visitor.go("/login")
        visitor.page.locator("[name=login]").fill(login)
        visitor.page.locator("[name=password]").fill("wrong-password-1")
        visitor.page.locator("main form button").click()
        texts.append(visitor.page.get_by_role("alert").inner_text())
    assert texts[0] == texts[1] == "The login or the password is not right."


def test_after_signing_in_one_is_where_one_wanted_to_go(visitors: Visitors, platform: Platform) -> None:
    visitor = visitors.open()
    page = visitor.go("/profile")
    expect(page).to_have_url(re.compile("/login"))
    page.locator("[name=login]").fill(platform.logins["alice"]["login"])
    page.locator("[name=password]").fill(platform.logins["alice"]["password"])
    page.locator("main form button").click()
    expect(page).to_have_url(f"{visitor.base}/profile")
    page.locator("main").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{visitor.base}/login")
    visitor.go("/profile")
    expect(page).to_have_url(re.compile("/login"))


def test_the_language_is_switched_and_remembered_for_the_user(visitors: Visitors, platform: Platform) -> None:
    who = new_mailbox(platform, f"{unique('sprache').replace(' ', '-')}@demo.example")
    first = visitors.open(language="en")
    first.sign_in(who.login, who.password)
    first.page.get_by_role("button", name="Deutsch").click()
    expect(first.page.get_by_role("heading", level=1)).to_have_text("Ihr Postfach")
    elsewhere = visitors.open(language="en")
    elsewhere.sign_in(who.login, who.password)
    expect(elsewhere.page.get_by_role("heading", level=1)).to_have_text("Ihr Postfach")


def test_errors_stand_at_their_field(visitors: Visitors) -> None:
    page = visitors.signed_in("domain_admin").go("/mailboxes/add")
    page.locator("[name=domain]").select_option(label="@demo.example")
    page.locator("[name=local_part]").fill("alice")
    page.get_by_label("I choose the password myself").check()
    page.locator("[name=password]").fill("short")
    page.locator("main form button.btn-primary").click()
    address, password = page.locator("[name=local_part]"), page.locator("[name=password]")
    expect(address).to_have_accessible_description(re.compile("already taken"))
    page.locator("[name=local_part]").fill(unique("new").replace(" ", "-"))
    password.fill("short")
    page.locator("main form button.btn-primary").click()
    expect(password).to_have_accessible_description(re.compile("at least 10 characters"))
    expect(password).to_have_attribute("aria-invalid", "true")


def test_the_search_answers_while_one_types(visitors: Visitors, platform: Platform) -> None:
    name = unique("suche").replace(" ", "-")
    new_mailbox(platform, f"{name}@demo.example")
    page = visitors.signed_in("operator").go("/mailboxes")
    page.get_by_role("searchbox").press_sequentially(name)
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page.locator("#count")).to_have_text("1 entry")
    expect(page).to_have_url(re.compile(f"q={name}"))
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_the_ledger_is_filtered_at_once(visitors: Visitors, platform: Platform) -> None:
    alice, subject = account(platform, "alice"), unique("Taken")
    send_from_outside(platform, mail(subject, to=alice.login), [alice.login])
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send_from_outside(platform, mail(unique("Lost")), ["nobody-at-all@demo.example"])
    visitor = visitors.signed_in("operator")
    lines = visitor.page.locator("#results tbody tr")
    until(lambda: visitor.go(f"/ledger?q={subject}") and lines.count() == 1, "the accepted mail in the ledger")
    until(lambda: visitor.go("/ledger?q=nobody-at-all") and lines.count() > 0, "the refused mail in the ledger")
    page = visitor.go("/ledger")
    page.get_by_label("Decision").select_option("Refused")
    expect(page).to_have_url(re.compile("verdict=reject"))
    expect(lines.filter(has_text="This address does not exist here.").first).to_be_visible()
    expect(lines.filter(has_text=subject)).to_have_count(0)
    page.get_by_label("Search").fill("nobody-at-all")
    expect(page).to_have_url(re.compile("q=nobody-at-all"))
    expect(lines.filter(has_text="nobody-at-all").first).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Decision")).to_have_value("reject")


def test_a_removal_asks_first(visitors: Visitors, platform: Platform) -> None:
    address = f"{unique('weg').replace(' ', '-')}@demo.example"
    new_mailbox(platform, address)
    visitor = visitors.signed_in("domain_admin")
    page = visitor.go(f"/mailboxes?q={address}")
    page.get_by_role("link", name=address).click()
    page.get_by_role("link", name="Remove").click()
    expect(page.get_by_text(f"Remove {address}?")).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("status").filter(has_text=f"{address} is removed")).to_be_visible()
    visitor.go(f"/mailboxes?q={address}")
    expect(page.get_by_text("Nothing found")).to_be_visible()


def test_a_domain_is_removed_only_when_its_name_is_typed(visitors: Visitors, platform: Platform) -> None:
    name = f"{unique('fort').replace(' ', '-')}.example"
    platform.mailcenter("domain", "add", name, "--organisation", "Demo")
    visitor = visitors.signed_in("operator")
    page = visitor.go(f"/domains?q={name}")
    page.get_by_role("link", name=name).click()
    page.get_by_role("link", name="Remove").click()
    page.get_by_role("textbox").fill("another.example")
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("textbox")).to_have_accessible_description(re.compile("not the name of this domain"))
    page.get_by_role("textbox").fill(name)
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("status").filter(has_text=f"{name} is removed")).to_be_visible()


def test_an_api_key_is_shown_once_and_works(visitors: Visitors) -> None:
    visitor = visitors.signed_in("operator")
    page = visitor.go("/api-keys/add")
    name = unique("backup")
    page.get_by_label("Name").fill(name)
    page.get_by_label("See domains").check()
    page.get_by_role("button", name="Make the key").click()
    token = page.locator("#secret").inner_text()
    status = page.evaluate(
        "token => fetch('/api/v1/domains', {headers: {Authorization: 'Bearer ' + token}}).then(it => it.status)",
        token,
    )
    assert status == 200
    visitor.go("/api-keys")
    expect(page.locator("tbody tr").filter(has_text=name)).to_have_count(1)
    assert token not in page.content()


def test_the_keyboard_reaches_the_content_first(visitors: Visitors) -> None:
    page = visitors.signed_in("operator").go("/domains")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_the_menu_opens_on_a_narrow_screen(visitors: Visitors) -> None:
    page = visitors.signed_in("domain_admin", width=NARROW).go("/")
    link = page.get_by_role("navigation", name="Main menu").get_by_role("link", name="Aliases")
    expect(link).not_to_be_visible()
    page.get_by_role("button", name="Menu").click()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aliases")


def test_everything_essential_works_without_java_script(visitors: Visitors) -> None:
    visitor = visitors.signed_in("domain_admin", java_script=False, width=NARROW)
    page = visitor.page
    page.get_by_role("navigation", name="Main menu").get_by_role("link", name="Mailboxes").click()
    page.get_by_role("searchbox").fill("alice@demo")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#results tbody tr")).to_have_count(1)
    page.get_by_role("link", name="alice@demo.example").click()
    page.locator("[name=display_name]").fill("Alice Demo")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="The changes are saved.")).to_be_visible()
    expect(page.locator("time").first).to_contain_text("UTC")


def test_times_are_in_the_zone_of_the_reader(visitors: Visitors) -> None:
    page = visitors.signed_in("operator").go("/users")
    page.locator("a.stretched").first.click()
    moment = page.locator("time").first
    shown = page.evaluate(
        "iso => new Date(iso).toLocaleTimeString('en-GB', {timeStyle: 'short', timeZone: 'Europe/Berlin'})",
        moment.get_attribute("datetime"),
    )
    expect(moment).to_contain_text(shown)


def test_the_api_describes_itself_under_the_same_strict_policy(visitors: Visitors) -> None:
    visitor = visitors.open()
    page = visitor.go("/api/v1/docs")
    expect(page.get_by_text("/api/v1/domains").first).to_be_visible()
