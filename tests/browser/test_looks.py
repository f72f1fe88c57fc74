"""Every screen of every role: fits its window, breaks no rule of the browser, shuts nobody out, has a picture."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import NARROW, WIDE, Visitor, Visitors
from tests.harness.clients import account, mail, send_from_outside, unique, wait_for_mail
from tests.harness.platform import Platform

PAGES = {
    "operator": [
        "/",
        "/ledger",
        "/ledger?q=nothing-is-called-this",
        "/organisations",
        "/organisations/add",
        "/domains",
        "/domains/add",
        "/mailboxes",
        "/mailboxes?q=nobody",
        "/mailboxes/add",
        "/aliases",
        "/aliases/add",
        "/users",
        "/users?role=support",
        "/users/add",
        "/reports",
        "/senders",
        "/senders/add",
        "/gate",
        "/logins/passwords",
        "/gate/rules/spam",
        "/gate/rules/attachments",
        "/gate/networks",
        "/gate/bans?all=1",
        "/gate/bans/add",
        "/gate/networks/add",
        "/logins",
        "/logins/lockouts",
        "/logins/lockouts/lift",
        "/logins/lockouts/lock",
        "/api-keys",
        "/api-keys/add",
        "/profile",
        "/profile/password",
        "/health",
        "/no-such-page",
    ],
    "domain_admin": ["/", "/ledger", "/domains", "/mailboxes", "/mailboxes/add", "/senders", "/senders/add"],
    "alice": [
        "/",
        "/logins",
        "/ledger",
        "/refused",
        "/treatment",
        "/senders",
        "/senders/add",
        "/api-keys/add",
        "/domains",
        "/programs",
    ],
}
LISTS = {
    "operator": ["/ledger", "/organisations", "/domains", "/mailboxes", "/aliases", "/users"],
    "domain_admin": ["/domains"],
    "alice": ["/ledger"],
}
"""From these the first line is followed, too."""
FURTHER = ("/remove", "/password", "/treatment", "/dns", "/programs")

WINDOWS = [
    pytest.param({"language": "en", "width": WIDE, "dark": False}, id="en-wide-light"),
    pytest.param({"language": "de", "width": NARROW, "dark": True}, id="de-narrow-dark"),
    pytest.param({"language": "de", "width": WIDE, "dark": True}, id="de-wide-dark"),
    pytest.param({"language": "en", "width": NARROW, "dark": False}, id="en-narrow-light"),
]
FOR_ALL = (f"{WIDE}-en-light", f"{NARROW}-de-dark")
"""Windows in which the rules for people with disabilities are checked: each width and each theme once."""


@pytest.fixture(scope="module")
def some_mail(platform: Platform) -> None:
    """So that the ledger has something to show."""
    alice, subject = account(platform, "alice"), unique("Something to look at")
    send_from_outside(platform, mail(subject, to=alice.login), [alice.login])
    wait_for_mail(platform, alice, subject)


def _judge(visitor: Visitor, path: str, who: str) -> list[str]:
    visitor.go(path)
    visitor.picture(f"{who}-{path.partition('?')[0]}")
    faults = [f"{who} {path}: {barrier}" for barrier in visitor.barriers()] if visitor.name in FOR_ALL else []
    if visitor.overflow():
        faults.append(f"{who} {path}: {visitor.overflow()} pixels wider than the window")
    if visitor.page.locator("h1").count() != 1:
        faults.append(f"{who} {path}: not exactly one main heading")
    return faults


def _details(visitor: Visitor, path: str) -> list[str]:
    """The page of the first line of a list, and the pages linked from there that belong to it."""
    page = visitor.go(path)
    first = page.locator("a.stretched").first.get_attribute("href") or ""
    visitor.go(first)
    linked = [link.get_attribute("href") or "" for link in page.locator("main a").all()]
    return [first, *(link for link in linked if link.startswith(first) and link.endswith(FURTHER))]


@pytest.mark.usefixtures("some_mail")
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("who", PAGES)
def test_every_screen(visitors: Visitors, who: str, window: dict[str, object]) -> None:
    visitor = visitors.signed_in(who, **window)
    paths = [*PAGES[who]]
    for path in LISTS[who]:
        paths += _details(visitor, path)
    faults = [fault for path in dict.fromkeys(paths) for fault in _judge(visitor, path, who)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("window", WINDOWS)
def test_the_login(visitors: Visitors, window: dict[str, object]) -> None:
    visitor = visitors.open(**window)  # type: ignore[arg-type] # the options of a window
    faults = _judge(visitor, "/login", "anybody")
    visitor.page.locator("main form button").click()
    expect(visitor.page.locator(".invalid-feedback")).to_have_count(2)
    visitor.picture("anybody-login-errors")
    assert not [*faults, *visitor.barriers()]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("who", ["operator", "domain_admin"])
def test_the_head_of_a_narrow_page_is_one_row(visitors: Visitors, who: str, language: str) -> None:
    visitor = visitors.signed_in(who, language=language, width=NARROW)
    head = visitor.page.locator("header")
    parts = [head.locator(name) for name in (".navbar-toggler", ".navbar-brand", "[name=language]", "#account-narrow")]
    for width in (NARROW, 360, 320):
        visitor.page.set_viewport_size({"width": width, "height": 900})
        places = [part.bounding_box() or pytest.fail(f"{part} is not in sight") for part in parts]
        middles = [place["y"] + place["height"] / 2 for place in places]
        assert max(middles) - min(middles) < 1, f"at {width} pixels"
        edges = [edge for place in places for edge in (place["x"], place["x"] + place["width"])]
        assert edges == sorted(edges), f"at {width} pixels one lies upon another"
        assert edges[-1] <= width
        assert visitor.overflow() == 0
