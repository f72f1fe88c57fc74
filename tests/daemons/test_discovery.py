"""Mail programs find their settings, through nginx under the names of customers' domains."""

from __future__ import annotations

import http.client
import json
import plistlib
import ssl
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import idna
import pytest
from defusedxml.ElementTree import fromstring

from mailcenter.center.discovery.autodiscover import ANSWERS
from tests.harness.clients import HOST, Account, trusting
from tests.harness.dns import served
from tests.harness.platform import Platform
from tests.harness.web import Browser
from tests.unit.center.discovery.test_forms import request

DOMAIN = "demo.example"
IN = f"{{{ANSWERS}}}"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    content: bytes


def ask(platform: Platform, host: str, path: str, *, body: bytes | None = None, tls: bool = True) -> Answer:
    """A request under any name. Its certificate is not judged here; test_certificates.py does."""
    if tls:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            HOST, platform.port("https"), timeout=30, context=context
        )
    else:
        connection = http.client.HTTPConnection(HOST, platform.port("http"), timeout=30)
    connection.request("GET" if body is None else "POST", path, body=body, headers={"Host": host})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return Answer(answer.status, answer.headers, content)


@pytest.mark.parametrize(
    ("host", "path"),
    [
        (f"autoconfig.{DOMAIN}", f"/mail/config-v1.1.xml?emailaddress=alice@{DOMAIN}"),
        (f"autoconfig.{DOMAIN}", "/mail/config-v1.1.xml"),
        (DOMAIN, f"/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=alice%40{DOMAIN}"),
        (DOMAIN, "/.well-known/autoconfig/mail/config-v1.1.xml"),
        (f"mail.{DOMAIN}", f"/mail/config-v1.1.xml?emailaddress=Alice@{DOMAIN.upper()}"),
    ],
)
def test_autoconfig(platform: Platform, host: str, path: str) -> None:
    answer = ask(platform, host, path)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/xml; charset=utf-8")
    root = fromstring(answer.content)
    incoming = root.find("emailProvider/incomingServer")
    assert incoming is not None
    assert incoming.findtext("hostname") == platform.settings.host_name
    assert incoming.findtext("port") == str(platform.port("imaps"))
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/mail/config-v1.1.xml?emailaddress={}", "/autodiscover/autodiscover.json?Email={}"])
def test_a_domain_of_others_gets_nothing(platform: Platform, path: str) -> None:
    for address in ("anna@nobody.example", "no-address", "a" * 400 + f"@{DOMAIN}", "%00@" + DOMAIN):
        assert ask(platform, f"autoconfig.{DOMAIN}", path.format(address)).status == 404, address
    assert ask(platform, "autoconfig.nobody.example", "/mail/config-v1.1.xml").status == 404


def test_no_answer_tells_whether_a_mailbox_exists(platform: Platform) -> None:
    there, not_there = f"alice@{DOMAIN}", f"horst@{DOMAIN}"
    for path in ("/mail/config-v1.1.xml?emailaddress={}", "/autodiscover/autodiscover.json/v1.0/{}?Protocol=EWS"):
        answers = [ask(platform, DOMAIN, path.format(address)) for address in (there, not_there)]
        assert answers[0].status == answers[1].status
        assert answers[0].content == answers[1].content
    pox = [ask(platform, DOMAIN, "/autodiscover/autodiscover.xml", body=request(who)) for who in (there, not_there)]
    assert pox[0].content == pox[1].content.replace(not_there.encode(), there.encode())


@pytest.mark.parametrize("path", ["/autodiscover/autodiscover.xml", "/Autodiscover/Autodiscover.xml"])
@pytest.mark.parametrize("host", [DOMAIN, f"autodiscover.{DOMAIN}", f"mail.{DOMAIN}"])
def test_autodiscover(platform: Platform, host: str, path: str) -> None:
    answer = ask(platform, host, path, body=request(f"Alice@{DOMAIN}"))
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/xml; charset=utf-8")
    protocols = {item.findtext(f"{IN}Type"): item for item in fromstring(answer.content).iter(f"{IN}Protocol")}
    assert protocols["IMAP"].findtext(f"{IN}Port") == str(platform.port("imaps"))
    assert protocols["IMAP"].findtext(f"{IN}LoginName") == f"alice@{DOMAIN}"


def test_autodiscover_refuses_what_is_no_request(platform: Platform) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY e "xxxxxxxxxx"><!ENTITY f "&e;&e;&e;">]>' + request("&f;@demo.example")
    for body in (b"", bomb, request("anna@nobody.example")):
        answer = ask(platform, DOMAIN, "/autodiscover/autodiscover.xml", body=body)
        assert answer.status == 200
        assert b"<ErrorCode>60" in answer.content
        assert b"Protocol" not in answer.content
    assert ask(platform, DOMAIN, "/autodiscover/autodiscover.xml", body=b"x" * 9000).status == 413


@pytest.mark.parametrize(
    "path",
    [
        "/autodiscover/autodiscover.json?Email=alice@demo.example&Protocol=AutodiscoverV1",
        "/AutoDiscover/AutoDiscover.json/v1.0/alice@demo.example?Protocol=Autodiscoverv1&RedirectCount=1",
    ],
)
def test_autodiscover_in_json_leads_to_the_xml(platform: Platform, path: str) -> None:
    answer = ask(platform, f"autodiscover.{DOMAIN}", path)
    said = json.loads(answer.content)
    assert (answer.status, said["Protocol"]) == (200, "AutodiscoverV1")
    address = said["Url"].removeprefix(f"https://{platform.settings.host_name}:{platform.port('https')}")
    assert b"IMAP" in ask(platform, platform.settings.host_name, address, body=request(f"alice@{DOMAIN}")).content


@pytest.mark.parametrize(
    ("host", "path"),
    [
        (f"autoconfig.{DOMAIN}", "/mail/config-v1.1.xml"),
        (DOMAIN, "/.well-known/autoconfig/mail/config-v1.1.xml"),
        (f"autodiscover.{DOMAIN}", "/autodiscover/autodiscover.xml"),
    ],
)
def test_without_tls_one_is_led_to_the_name_that_has_a_certificate(platform: Platform, host: str, path: str) -> None:
    answer = ask(platform, host, path, tls=False)
    start = f"https://{platform.settings.host_name}:{platform.port('https')}/"
    assert (answer.status, answer.headers["Location"][: len(start)]) == (302, start)
    with closing(
        http.client.HTTPSConnection("localhost", platform.port("https"), timeout=30, context=trusting(platform))
    ) as connection:
        connection.request("GET", "/" + answer.headers["Location"].removeprefix(start))
        assert connection.getresponse().status == 200


def test_no_other_page_exists_under_a_customers_name(platform: Platform) -> None:
    for path in ("/login", "/", "/api/v1/me"):
        assert ask(platform, f"autoconfig.{DOMAIN}", path).status == 404
        assert ask(platform, DOMAIN, path).status == 400


def test_an_international_domain(platform: Platform) -> None:
    platform.mailcenter("domain", "add", "grün-discovery.example", "--organisation", "Demo")
    try:
        for address in ("anna@gr%C3%BCn-discovery.example", "anna@" + idna.encode("grün-discovery.example").decode()):
            answer = ask(platform, DOMAIN, f"/mail/config-v1.1.xml?emailaddress={address}")
            assert answer.status == 200, address
            assert "grün-discovery.example" in answer.content.decode()
        outlook = ask(platform, DOMAIN, "/autodiscover/autodiscover.xml", body=request("anna@grün-discovery.example"))
        assert b"anna@xn--" in outlook.content
    finally:
        platform.mailcenter("domain", "remove", "grün-discovery.example")


def test_the_owner_downloads_his_signed_profile(platform: Platform, alice: Account, tmp_path: Path) -> None:
    browser = Browser.signed_in(platform, alice)
    page = browser.get("/")
    (link,) = {part.partition('"')[0] for part in page.text.split('href="') if part.split('"')[0].endswith("/programs")}
    assert platform.settings.host_name in browser.get(link).text
    answer = browser.get(link.replace("/programs", "/profile.mobileconfig"))
    assert answer.headers["Content-Type"] == "application/x-apple-aspen-config"
    file = tmp_path / "profile"
    file.write_bytes(answer.content)
    done = subprocess.run(
        [
            "openssl",
            "cms",
            "-verify",
            "-inform",
            "DER",
            "-in",
            str(file),
            "-CAfile",
            str(platform.paths.ca_certificate),
        ],
        capture_output=True,
        check=True,
        timeout=30,
    )
    (account,) = plistlib.loads(done.stdout)["PayloadContent"]
    assert account["EmailAddress"] == alice.login


def test_the_checklist_asks_our_resolver(platform: Platform) -> None:
    records = {
        "@": f"MX 10 {platform.settings.host_name}.",
        "autoconfig": "CNAME elsewhere.example.",
        "_imaps._tcp": f"SRV 0 1 {platform.port('imaps')} {platform.settings.host_name}.",
    }
    operator = Account(**platform.logins["operator"])
    browser = Browser.signed_in(platform, operator)
    domain = next(item for item in platform.json("domain", "list") if item["name"] == DOMAIN)
    with served(platform, {DOMAIN: records}):
        page = browser.get(f"/domains/{domain['id']}/dns").text.partition('id="https"')[0]
    rows = {
        row.split("<code")[1].partition(">")[2].partition("<")[0]: row
        for row in page.split("<tr>")[1:]
        if "<code" in row
    }
    assert "state-good" in rows[DOMAIN] or "state-bad" in rows[DOMAIN]  # MX and TXT share the name
    assert "state-good" in rows[f"_imaps._tcp.{DOMAIN}"]
    assert "state-bad" in rows[f"_pop3s._tcp.{DOMAIN}"]
    assert "elsewhere.example" in rows[f"autoconfig.{DOMAIN}"]
    assert "state-wait" in rows[f"autoconfig.{DOMAIN}"]
