"""The control center as a browser without scripts uses it: cookies, forms, the certificate verified."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.harness.clients import HOST, Account, trusting
from tests.harness.platform import Platform


@dataclass(frozen=True)
class Page:
    """An answer."""

    status: int
    headers: http.client.HTTPMessage
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass
class Browser:
    """Keeps its cookies. It follows no redirect."""

    platform: Platform
    cookies: SimpleCookie = field(default_factory=SimpleCookie)

    @classmethod
    def signed_in(cls, platform: Platform, who: Account) -> Browser:
        """A browser that has signed in; fails where the center does not let it in."""
        browser = cls(platform)
        answer = browser.post("/login", {"login": who.login, "password": who.password})
        assert answer.status == 302, answer.text
        return browser

    def get(self, path: str) -> Page:
        return self._ask("GET", path, None)

    def post(self, path: str, form: Mapping[str, str]) -> Page:
        """Fill in the form of that page and send it."""
        token = self.get(path).text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        return self._ask("POST", path, urlencode({**form, "csrfmiddlewaretoken": token}))

    def _ask(self, method: str, path: str, body: str | None) -> Page:
        port = self.platform.port("https")
        connection = http.client.HTTPSConnection(HOST, port, timeout=30, context=trusting(self.platform))
        headers = {
            "Host": f"localhost:{port}",
            "Cookie": "; ".join(f"{name}={cookie.value}" for name, cookie in self.cookies.items()),
            "Referer": f"https://localhost:{port}{path}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(line)
        return Page(answer.status, answer.headers, content)
