"""Second factors, sessions and signing in as a customer, in a real browser with a virtual authenticator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import NARROW, WIDE, Visitor, Visitors
from tests.harness.platform import Platform

PASSWORD = "walrus-umbrella-42"


@dataclass(frozen=True)
class Person:
    """A domain administrator of the demo, who is removed after the test."""

    login: str

    @property
    def credentials(self) -> dict[str, str]:
        return {"login": self.login, "password": PASSWORD}


@pytest.fixture
def person(platform: Platform) -> Iterator[Person]:
    login = f"second-{uuid4().hex[:8]}"
    add = ("user", "add", login, "--role", "domain_admin", "--organisation", "Demo", "--password-stdin")
    platform.mailcenter(*add, stdin=PASSWORD)
    try:
        yield Person(login)
    finally:
        platform.mailcenter("user", "remove", login)


def _give_password(visitor: Visitor, person: Person) -> Page:
    """The first step; ends where the second is asked for."""
    page = visitor.go("/login")
    page.locator("[name=login]").fill(person.login)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").click()
    expect(page).to_have_url(f"{visitor.base}/login/second")
    return page


def _looks(visitor: Visitor, what: str) -> None:
    visitor.picture(what)
    assert visitor.overflow() == 0, what
    assert visitor.barriers() == [], what


def _set_up_app(visitor: Visitor) -> tuple[str, list[str]]:
    """The app's secret and the recovery codes."""
    page = visitor.go("/profile/second-factor")
    page.get_by_role("link", name=re.compile("Set up an app|App einrichten")).click()
    expect(page.locator("img.qr")).to_be_visible()
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0, "the policy lets the picture in"
    secret = page.locator("#secret").inner_text().replace(" ", "")
    _looks(visitor, "second factor app")
    page.locator("[name=code]").fill(pyotp.TOTP(secret).now())
    page.locator("main form button.btn-primary").click()
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    _looks(visitor, "second factor codes")
    return secret, codes


@pytest.mark.parametrize(("language", "width"), [("en", WIDE), ("de", NARROW)])
def test_an_app_and_a_recovery_code(visitors: Visitors, person: Person, language: str, width: int) -> None:
    visitor = visitors.open(language=language, width=width)
    visitor.sign_in(**person.credentials)
    visitor.go("/profile/second-factor")
    _looks(visitor, "second factor none")
    secret, codes = _set_up_app(visitor)
    visitor.go("/profile/second-factor")
    _looks(visitor, "second factor set up")

    other = visitors.open(language=language, width=width)
    page = _give_password(other, person)
    _looks(other, "second step")
    page.locator("[name=code]").fill("000 001")
    page.locator("#second-step button").click()
    expect(page.locator(".invalid-feedback")).to_be_visible()
    assert page.goto(f"{other.base}/domains"), "the page answers"
    expect(page).to_have_url(re.compile("/login"))
    page = _give_password(other, person)
    page.locator("[name=code]").fill(pyotp.TOTP(secret).now())
    page.locator("#second-step button").click()
    expect(page).to_have_url(f"{other.base}/")

    third = visitors.open(language=language, width=width)
    page = _give_password(third, person)
    page.locator("[name=code]").fill(codes[0])
    page.locator("#second-step button").click()
    expect(page).to_have_url(f"{third.base}/")


def _virtual_authenticator(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey(visitors: Visitors, person: Person) -> None:
    visitor = visitors.open()
    page = visitor.page
    _virtual_authenticator(page)
    visitor.sign_in(**person.credentials)
    visitor.go("/profile/second-factor/passkey")
    _looks(visitor, "passkey add")
    page.locator("[name=name]").fill("My laptop")
    page.locator("[data-passkey]").click()
    expect(page.locator(".codes li")).to_have_count(10)
    visitor.go("/profile/second-factor")
    expect(page.locator("main")).to_contain_text("My laptop")
    visitor.go("/profile")
    page.locator("main form button", has_text="Sign out").click()

    page = _give_password(visitor, person)
    _looks(visitor, "second step passkey")
    page.locator("[data-passkey]").click()
    expect(page).to_have_url(f"{visitor.base}/")
    visitor.go("/profile/second-factor")
    page.locator("main li a.btn-outline-danger").click()
    page.locator("main form button.btn-danger").click()
    expect(page).to_have_url(f"{visitor.base}/profile/second-factor")


@pytest.mark.parametrize(("language", "width"), [("en", WIDE), ("de", NARROW)])
def test_sessions(visitors: Visitors, person: Person, language: str, width: int) -> None:
    here, there = (visitors.open(language=language, width=width) for _window in range(2))
    for window in (here, there):
        window.sign_in(**person.credentials)
    page = here.go("/profile/sessions")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("tbody")).to_contain_text("127.0.0.1")
    _looks(here, "sessions")
    page.locator("tbody form button").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    there.go("/domains")
    expect(there.page).to_have_url(re.compile("/login"))


@pytest.mark.parametrize(("language", "width"), [("en", WIDE), ("de", NARROW)])
def test_signing_in_as_a_customer(visitors: Visitors, person: Person, language: str, width: int) -> None:
    operator = visitors.signed_in("operator", language=language, width=width)
    page = operator.go(f"/customers?q={person.login}")
    _looks(operator, "customers")
    page.locator("tbody form button").click()
    expect(page.locator(".acting")).to_contain_text(person.login)
    _looks(operator, "acting")
    operator.go("/domains")
    expect(page.locator(".acting")).to_be_visible()
    page.locator(".acting button").click()
    expect(page.locator(".acting")).to_have_count(0)
    operator.go(f"/audit?q={person.login}")
    _looks(operator, "audit operator")

    customer = visitors.open(language=language, width=width)
    customer.sign_in(**person.credentials)
    page = customer.go("/audit")
    expect(page.locator("tbody")).to_contain_text("operator")
    _looks(customer, "audit customer")
