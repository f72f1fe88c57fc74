"""Mail programs get their settings over HTTPS under the names of customers' domains, each with its own certificate."""

from __future__ import annotations

import http.client
import json
import plistlib
import secrets
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring

from mailcenter.center.discovery.autodiscover import ANSWERS
from tests.harness.clients import HOST, Account, new_mailbox, trusting
from tests.harness.dns import served
from tests.harness.https import fetch, serves
from tests.harness.platform import Platform
from tests.harness.wait import until
from tests.harness.web import Browser
from tests.unit.center.discovery.test_forms import request

IN = f"{{{ANSWERS}}}"


@pytest.fixture(scope="module")
def added(platform: Platform) -> Iterator[str]:
    """A customer's domain that is added while the platform runs; it has its certificates."""
    name = f"grün-{secrets.token_hex(4)}.example"
    platform.mailcenter("domain", "add", name, "--organisation", "Demo")
    (ascii_name,) = {one["name"] for one in platform.json("domain", "list") if one["unicode_name"] == name}
    try:
        until(lambda: serves(platform, f"autoconfig.{ascii_name}"), "a certificate for autoconfig")
        until(lambda: serves(platform, f"autodiscover.{ascii_name}"), "a certificate for autodiscover")
        yield ascii_name
    finally:
        platform.mailcenter("domain", "remove", name, "--with-mailboxes")


@pytest.fixture(params=["demo", "added"])
def domain(request: pytest.FixtureRequest) -> str:
    return "demo.example" if request.param == "demo" else str(request.getfixturevalue("added"))


def test_thunderbird_asks_with_names_verified(platform: Platform, domain: str) -> None:
    answer = fetch(platform, f"autoconfig.{domain}", "/mail/config-v1.1.xml")
    assert answer.status == 200
    root = fromstring(answer.content)
    assert [provider.get("id") for provider in root.iter("emailProvider")] == [domain]
    assert root.findtext("emailProvider/incomingServer/hostname") == platform.settings.host_name


def test_outlook_asks_with_names_verified(platform: Platform, domain: str) -> None:
    host = f"autodiscover.{domain}"
    answer = fetch(platform, host, "/autodiscover/autodiscover.xml", body=request(f"anna@{domain}"))
    assert (answer.status, b"IMAP" in answer.content, b"SMTP" in answer.content) == (200, True, True)
    said = fetch(platform, host, f"/autodiscover/autodiscover.json/v1.0/anna@{domain}?Protocol=AutodiscoverV1")
    assert said.status == 200
    path = json.loads(said.content)["Url"].removeprefix(
        f"https://{platform.settings.host_name}:{platform.port('https')}"
    )
    led = fetch(platform, platform.settings.host_name, path, body=request(f"anna@{domain}"))
    names = {item.findtext(f"{IN}LoginName") for item in fromstring(led.content).iter(f"{IN}Protocol")}
    assert names == {f"anna@{domain}"}


def test_an_iphone_gets_its_signed_profile(platform: Platform, domain: str, tmp_path: Path) -> None:
    who = new_mailbox(platform, f"phone-{secrets.token_hex(4)}@{domain}")
    try:
        browser = Browser.signed_in(platform, who)
        page = browser.get("/").text
        (link,) = {part.partition('"')[0] for part in page.split('href="') if part.split('"')[0].endswith("/programs")}
        answer = browser.get(link.replace("/programs", "/profile.mobileconfig"))
        file = tmp_path / "profile"
        file.write_bytes(answer.content)
        verify = ["openssl", "cms", "-verify", "-inform", "DER", "-in", str(file), "-CAfile"]
        command = [*verify, str(platform.paths.ca_certificate)]
        done = subprocess.run(command, capture_output=True, check=True, timeout=30)
        (account,) = plistlib.loads(done.stdout)["PayloadContent"]
        assert (account["EmailAddress"], account["IncomingMailServerHostName"]) == (
            who.login,
            platform.settings.host_name,
        )
    finally:
        platform.mailcenter("mailbox", "remove", who.login)


def test_a_removed_domain_has_no_certificate_left(platform: Platform) -> None:
    name = f"gone-{secrets.token_hex(4)}.example"
    files = [
        platform.paths.customer_certificates / f"autoconfig.{name}.pem",
        platform.paths.customer_certificate_states / f"autoconfig.{name}.json",
    ]
    platform.mailcenter("domain", "add", name, "--organisation", "Demo")
    try:
        until(lambda: serves(platform, f"autoconfig.{name}"), "a certificate")
        assert all(file.exists() for file in files)
    finally:
        platform.mailcenter("domain", "remove", name)
    until(lambda: not serves(platform, f"autoconfig.{name}"), "the certificate's end")
    until(lambda: not any(file.exists() for file in files), "the files' end")


def test_a_name_without_certificate_gets_no_handshake(platform: Platform) -> None:
    for name in ("autoconfig.nobody.example", "autoconfig.%2e%2e.example", "AUTOCONFIG.NOBODY.EXAMPLE"):
        with pytest.raises(ssl.SSLError, match="internal error"):
            _handshake(platform, name)


def test_open_connections_live_through_new_certificates(platform: Platform) -> None:
    """Nothing is reloaded: a connection that was open before serves on."""
    name = f"late-{secrets.token_hex(4)}.example"
    with closing(
        http.client.HTTPSConnection("localhost", platform.port("https"), timeout=30, context=trusting(platform))
    ) as connection:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        before = connection.sock
        platform.mailcenter("domain", "add", name, "--organisation", "Demo")
        try:
            until(lambda: serves(platform, f"autoconfig.{name}"), "a certificate")
            connection.request("GET", "/healthz")
            assert connection.getresponse().read()
            assert connection.sock is before
        finally:
            platform.mailcenter("domain", "remove", name)


def test_the_domains_page_says_whether_it_works(platform: Platform, added: str) -> None:
    browser = Browser.signed_in(platform, Account(**platform.logins["operator"]))
    domain = next(item for item in platform.json("domain", "list") if item["name"] == added)
    leads = {"autoconfig": f"CNAME {platform.settings.host_name}.", "autodiscover": "CNAME elsewhere.example."}
    with served(platform, {added: leads}):
        page = browser.get(f"/domains/{domain['id']}/dns").text.partition('id="https"')[2]
    rows = {row.split("<code")[1].partition(">")[2].partition("<")[0]: row for row in page.split("<tr>")[2:]}
    assert "state-good" in rows[f"autoconfig.{added}"]
    assert "state-wait" in rows[f"autodiscover.{added}"]


def test_keys_are_read_by_the_web_server_only(platform: Platform) -> None:
    file = platform.paths.customer_certificates / "autoconfig.demo.example.pem"
    for user, readable in (("www-data", True), ("mailcenter-center", False), ("nobody", False)):
        done = subprocess.run(
            ["runuser", "-u", user, "--", "cat", str(file)], capture_output=True, check=False, timeout=30, cwd="/"
        )
        assert (done.returncode == 0) is readable, user


def _handshake(platform: Platform, name: str) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection((HOST, platform.port("https")), timeout=30) as plain:
        context.wrap_socket(plain, server_hostname=name).close()
