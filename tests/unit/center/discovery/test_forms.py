"""What mail programs are told, in Mozilla's, Microsoft's and Apple's form."""

from __future__ import annotations

import plistlib
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from mailcenter.center.discovery import apple, autodiscover
from mailcenter.center.discovery.autoconfig import client_config
from mailcenter.center.discovery.autodiscover import ANSWERS, REQUESTS, BadRequestError, asked_address
from mailcenter.settings.model import Settings

SETTINGS = Settings(host_name="mail.provider.example", state_dir=Path("/nonexistent"))
IN = f"{{{ANSWERS}}}"


def request(address: str, schema: str = ANSWERS) -> bytes:
    """As Outlook writes it."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="{REQUESTS}"><Request>'
        f"<EMailAddress>{address}</EMailAddress><AcceptableResponseSchema>{schema}</AcceptableResponseSchema>"
        "</Request></Autodiscover>"
    ).encode()


def test_mozillas_form_offers_the_encrypted_services_in_their_order() -> None:
    root = fromstring(client_config(SETTINGS, "xn--mller-kva.example", "https://mail.provider.example/programs"))
    assert (root.tag, root.get("version")) == ("clientConfig", "1.1")
    assert [item.text for item in root.findall("emailProvider/domain")] == ["xn--mller-kva.example", "müller.example"]
    servers = [*root.findall("emailProvider/incomingServer"), *root.findall("emailProvider/outgoingServer")]
    told = [(item.get("type"), item.findtext("port"), item.findtext("socketType")) for item in servers]
    assert told == [
        ("imap", "993", "SSL"),
        ("pop3", "995", "SSL"),
        ("smtp", "465", "SSL"),
        ("smtp", "587", "STARTTLS"),
    ]
    assert {item.findtext("username") for item in servers} == {"%EMAILADDRESS%"}
    assert {item.findtext("authentication") for item in servers} == {"password-cleartext"}
    assert {item.findtext("hostname") for item in servers} == {"mail.provider.example"}


def _texts(protocol: Element) -> dict[str, str | None]:
    return {item.tag.removeprefix(IN): item.text for item in protocol}


def test_outlooks_form() -> None:
    root = fromstring(autodiscover.answer(SETTINGS, "anna@customer.example"))
    protocols = [_texts(item) for item in root.iter(f"{IN}Protocol")]
    assert [(one["Type"], one["Port"], one["SSL"], one["Encryption"]) for one in protocols] == [
        ("IMAP", "993", "on", "SSL"),
        ("SMTP", "465", "on", "SSL"),
        ("POP3", "995", "on", "SSL"),
        ("SMTP", "587", "off", "TLS"),
    ]
    assert {one["LoginName"] for one in protocols} == {"anna@customer.example"}
    assert root.findtext(f"{IN}Response/{IN}Account/{IN}Action") == "settings"


def test_the_address_is_read_from_outlooks_request() -> None:
    assert asked_address(request(" Anna@customer.example ")) == "Anna@customer.example"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<",
        b"<Autodiscover/>",
        b'<?xml version="1.0" encoding="no-such-encoding"?><a/>',
        request(""),
        request("x" * autodiscover.LARGEST_REQUEST),
        b'<!DOCTYPE a [<!ENTITY e "x">]>' + request("&e;@customer.example"),
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd">' + request("anna@customer.example"),
        request("\x00@customer.example"),
        b"\xff\xfe\x00",
    ],
    ids=["empty", "no xml", "nothing", "encoding", "no address", "long", "entity", "dtd", "control", "binary"],
)
def test_what_is_no_request_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequestError) as refusal:
        asked_address(body)
    root = fromstring(autodiscover.refusal(refusal.value, datetime(2026, 11, 26, tzinfo=UTC)))
    assert [item.text for item in root.iter() if item.tag.endswith("ErrorCode")] == ["600"]


def test_a_wish_for_exchange_is_refused_as_not_offered() -> None:
    mobile = "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006"
    with pytest.raises(BadRequestError) as refusal:
        asked_address(request("anna@customer.example", mobile))
    assert refusal.value.code == "601"


@pytest.mark.parametrize(("protocol", "status"), [("AutodiscoverV1", 200), ("autodiscoverv1", 200), ("EWS", 400)])
def test_the_json_form(protocol: str, status: int) -> None:
    given, content = autodiscover.json_answer(protocol, "https://mail.provider.example/x")
    assert given == status
    assert ("Url" in content) == (status == 200)


def test_apples_profile() -> None:
    content = plistlib.loads(apple.profile(SETTINGS, "anna@customer.example", "Anna <&>"))
    (account,) = content["PayloadContent"]
    assert account["EmailAccountName"] == "Anna <&>"
    assert account["IncomingMailServerUsername"] == account["OutgoingMailServerUsername"] == "anna@customer.example"
    assert (account["IncomingMailServerPortNumber"], account["OutgoingMailServerPortNumber"]) == (993, 465)
    assert account["IncomingMailServerUseSSL"] is account["OutgoingMailServerUseSSL"] is True
    assert not [name for name in account if name.endswith("Password") and isinstance(account[name], str)]
    again = plistlib.loads(apple.profile(SETTINGS, "anna@customer.example", "Anna"))
    other = plistlib.loads(apple.profile(SETTINGS, "bert@customer.example", "Anna"))
    assert again["PayloadIdentifier"] == content["PayloadIdentifier"] != other["PayloadIdentifier"]
