"""A visitor of the control center without a browser: keeps its cookies, fills in its forms, reads its pages."""

from __future__ import annotations

import http.client
import re
import ssl
import urllib.error
import urllib.request
from functools import partial
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from typing import cast
from urllib.parse import urlencode

from tests.harness.clients import HOST, trusting
from tests.harness.platform import Platform


class _From(urllib.request.HTTPSHandler):
    """HTTPS from one of our own addresses."""

    def __init__(self, context: ssl.SSLContext, source: str) -> None:
        super().__init__(context=context)
        self._connect = partial(http.client.HTTPSConnection, context=context, source_address=(source, 0))

    def https_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(self._connect, req)


class Visitor:
    """`url` is where the last page came from, after redirects; `status` its code."""

    def __init__(self, platform: Platform, *, language: str = "en", source: str = HOST) -> None:
        self._site = f"https://{HOST}:{platform.port('https')}"
        self._open = urllib.request.build_opener(
            _From(trusting(platform), source), urllib.request.HTTPCookieProcessor(CookieJar())
        ).open
        self._language = language
        self.url = ""
        self.status = 0

    def get(self, path: str) -> str:
        """The page at a path."""
        return self._page(urllib.request.Request(self._site + path))  # noqa: S310 - our own https

    def post(self, path: str, **fields: str) -> str:
        """Send the form of the page at a path."""
        return self.post_from(path, path, **fields)

    def post_from(self, page: str, path: str, **fields: str) -> str:
        """Send a form of one page to a path."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(page))
        assert token, f"there is no form at {page} ({self.status}, {self.url})"
        data = urlencode({"csrfmiddlewaretoken": token[1], **fields}).encode()
        return self._page(
            urllib.request.Request(self._site + path, data, {"Referer": self._site + page})  # noqa: S310 - our own https
        )

    def log_in(self, login: str, password: str) -> bool:
        """Whether the center let this login in."""
        self.post("/login", login=login, password=password)
        return not self.url.endswith("/login")

    def _page(self, request: urllib.request.Request) -> str:
        request.add_header("Accept-Language", self._language)
        try:
            with cast("HTTPResponse", self._open(request, timeout=60)) as answer:
                self.url, self.status = answer.geturl(), answer.status
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            self.url, self.status = error.geturl() or "", error.code
            return error.read().decode()
