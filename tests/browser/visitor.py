"""A person at a window: goes to pages of the center, signs in, and notes what the browser complains about."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.harness.platform import Platform

SCREENSHOTS = Path(__file__).resolve().parents[2] / "screenshots"
WIDE, NARROW = 1280, 390
_REFUSED_PAGE = "Failed to load resource: the server responded with a status of 40"
"""What Chromium logs of a page that is meant to be refused."""

Problem = str


@dataclass
class Visitor:
    """One window."""

    page: Page
    base: str
    name: str
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.problems.append(f"{self.page.url}: {error}"))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_REFUSED_PAGE):
            self.problems.append(f"{self.page.url}: {message.text}")

    def go(self, path: str) -> Page:
        """Open a page, with all that belongs to it."""
        self.page.goto(self.base + path)
        return self.page

    def sign_in(self, login: str, password: str) -> Page:
        """By the form; ends on the overview."""
        self.go("/login")
        self.page.locator("[name=login]").fill(login)
        self.page.locator("[name=password]").fill(password)
        self.page.locator("main form button").click()
        expect(self.page).to_have_url(f"{self.base}/")
        return self.page

    def picture(self, what: str) -> None:
        """Keep the whole page as `screenshots/WHAT-WINDOW.png`."""
        SCREENSHOTS.mkdir(exist_ok=True)
        safe = re.sub(r"[^a-z0-9]+", "-", what.lower()).strip("-")
        self.page.screenshot(path=SCREENSHOTS / f"{safe}-{self.name}.png", full_page=True)

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window."""
        wider: int = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return max(0, wider)

    def barriers(self) -> list[str]:
        """What axe finds that is serious or worse for people with disabilities."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{rule['id']}: {node['html'][:200]} {node.get('failureSummary', '')}"
            for rule in found
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"]
        ]


class Visitors:
    """Windows of one test."""

    def __init__(self, browser: Browser, platform: Platform) -> None:
        self._browser = browser
        self._platform = platform
        self._opened: list[tuple[BrowserContext, Visitor]] = []

    def open(self, *, language: str = "en", width: int = WIDE, dark: bool = False, java_script: bool = True) -> Visitor:
        """A window with cookies of its own, that asks for this language, in the time zone of Berlin."""
        context = self._browser.new_context(
            viewport={"width": width, "height": 900},
            locale={"de": "de-DE", "en": "en-GB"}[language],
            color_scheme="dark" if dark else "light",
            timezone_id="Europe/Berlin",
            java_script_enabled=java_script,
        )
        context.set_default_timeout(15_000)
        base = f"https://{self._platform.settings.host_name}:{self._platform.port('https')}"
        name = f"{width}-{language}-{'dark' if dark else 'light'}"
        visitor = Visitor(context.new_page(), base, name)
        self._opened.append((context, visitor))
        return visitor

    def signed_in(self, who: str, **window: object) -> Visitor:
        """A window of one of the demo's people: operator, domain_admin, alice, bob."""
        visitor = self.open(**window)  # type: ignore[arg-type] # the same options, checked there
        visitor.sign_in(**self._platform.logins[who])
        return visitor

    def close(self) -> list[Problem]:
        """Close all windows; what they complained about."""
        for context, _visitor in self._opened:
            context.close()
        return [problem for _context, visitor in self._opened for problem in visitor.problems]
