"""Debian's Chromium, driven against the running platform through nginx."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, sync_playwright

from tests.browser.visitor import Visitors
from tests.harness.platform import Platform

CHROMIUM = "/usr/bin/chromium"
_QUIET = (
    "--no-sandbox",  # the tests run as root
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser(platform: Platform) -> Iterator[Browser]:
    """A browser that resolves the platform's name to loopback and trusts the key of its certificate, no other."""
    certificate = x509.load_pem_x509_certificate(platform.paths.certificate.read_bytes())
    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pin = base64.b64encode(hashlib.sha256(key).digest()).decode()
    arguments = [
        *_QUIET,
        f"--host-resolver-rules=MAP {platform.settings.host_name} 127.0.0.1",
        f"--ignore-certificate-errors-spki-list={pin}",
    ]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield running
        running.close()


@pytest.fixture
def visitors(browser: Browser, platform: Platform) -> Iterator[Visitors]:
    """Opens windows; when the test ends, none of them may have logged an error or broken the content policy."""
    opened = Visitors(browser, platform)
    yield opened
    problems = opened.close()
    assert not problems, "\n".join(problems)
