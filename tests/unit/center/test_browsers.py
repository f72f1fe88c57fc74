"""What browsers say of themselves, in plain words."""

from __future__ import annotations

import pytest
from django.utils import translation

from mailcenter.center.web.browsers import browser_words

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0) {_WEBKIT} Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        (f"Mozilla/5.0 (Linux; Android 15) {_WEBKIT} Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        (f"Mozilla/5.0 (Macintosh) {_WEBKIT} Version/19.0 Safari/605.1.15", "Safari on Mac"),
        (f"Mozilla/5.0 (iPhone) {_WEBKIT} FxiOS/140.0 Mobile Safari/605.1", "Firefox on iPhone"),
        ("curl/8.0", "curl"),
        ("", "Unknown browser"),
        ("\x00<script>", "Unknown browser"),
    ],
)
def test_browsers(said: str, words: str) -> None:
    with translation.override("en"):
        assert browser_words(said) == words
