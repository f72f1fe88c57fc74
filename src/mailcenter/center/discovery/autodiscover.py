"""Microsoft's Autodiscover: POX (MS-OXDSCLI 2.2.4) with the settings, and the JSON form that only says where POX is.

Outlook asks for both; so do Windows Mail, Samsung's and other mail programs of phones.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from mailcenter.center.discovery.services import Service, services
from mailcenter.settings.model import Settings

LARGEST_REQUEST: Final = 8 * 1024
"""Bytes. Outlook's is some 400."""
REQUESTS: Final = "http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"
ANSWERS: Final = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
_OUTER: Final = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"
_INVALID_REQUEST: Final = "600"
_NOT_OFFERED: Final = "601"
JSON_PROTOCOL: Final = "autodiscoverv1"


class BadRequestError(Exception):
    """The XML is none that asks for an address's settings; `str()` says why. `code` is Autodiscover's own."""

    def __init__(self, message: str, code: str = _INVALID_REQUEST) -> None:
        super().__init__(message)
        self.code = code


def asked_address(body: bytes) -> str:
    """The address (`EMailAddress`) in a POX request, as it was written.

    Raises:
        BadRequestError: no such XML, entities or a DTD in it, too long, or another kind of answer is wanted.
    """
    if len(body) > LARGEST_REQUEST:
        raise BadRequestError("Invalid Request: too long")
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):  # the last: an encoding nobody knows
        raise BadRequestError("Invalid Request") from None
    wanted = root.findtext(f"{{{REQUESTS}}}Request/{{{REQUESTS}}}AcceptableResponseSchema")
    address = root.findtext(f"{{{REQUESTS}}}Request/{{{REQUESTS}}}EMailAddress")
    if not address or not address.strip():
        raise BadRequestError("Invalid Request")
    if wanted is not None and wanted.strip() != ANSWERS:
        raise BadRequestError("Provider is not available", _NOT_OFFERED)
    return address.strip()


def answer(settings: Settings, address: str) -> bytes:
    """The settings for an address: the same whether there is such a mailbox or not."""
    root = Element("Autodiscover", xmlns=_OUTER)
    response = SubElement(root, "Response", xmlns=ANSWERS)
    user = SubElement(response, "User")
    SubElement(user, "DisplayName").text = address
    account = SubElement(response, "Account")
    SubElement(account, "AccountType").text = "email"
    SubElement(account, "Action").text = "settings"
    for service in services(settings):
        _add_protocol(account, service, address)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def refusal(error: BadRequestError, now: datetime) -> bytes:
    """Autodiscover's own form of an error."""
    root = Element("Autodiscover", xmlns=_OUTER)
    response = SubElement(root, "Response")
    fault = SubElement(response, "Error", Time=f"{now:%H:%M:%S.%f}", Id="0")
    SubElement(fault, "ErrorCode").text = error.code
    SubElement(fault, "Message").text = str(error)
    SubElement(fault, "DebugData")
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def json_answer(protocol: str, url: str) -> tuple[int, dict[str, str]]:
    """HTTP status and content for the JSON form (version 2), which leads to POX at `url`."""
    if protocol.lower() == JSON_PROTOCOL:
        return 200, {"Protocol": "AutodiscoverV1", "Url": url}
    return 400, {
        "ErrorCode": "InvalidProtocol",
        "ErrorMessage": "The given protocol value is invalid. Supported values are 'AutodiscoverV1'.",
    }


def _add_protocol(account: Element, service: Service, address: str) -> None:
    protocol = SubElement(account, "Protocol")
    values = {
        "Type": service.protocol.upper(),
        "Server": service.host,
        "Port": str(service.port),
        "DomainRequired": "off",
        "LoginName": address,
        "SPA": "off",
        # Where both are given, Outlook takes Encryption; older ones know SSL alone.
        "SSL": "off" if service.starttls else "on",
        "Encryption": "TLS" if service.starttls else "SSL",
        "AuthRequired": "on",
    }
    if service.protocol == "smtp":
        values |= {"UsePOPAuth": "off", "SMTPLast": "off"}
    for name, value in values.items():
        SubElement(protocol, name).text = value
