"""Mozilla's autoconfig, format 1.1 (https://wiki.mozilla.org/Thunderbird:Autoconfiguration:ConfigFileFormat).

Thunderbird asks for it, and so do Evolution, KMail, K-9 Mail, FairEmail and Delta Chat.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from mailcenter.center.discovery.services import services
from mailcenter.mail.domain import to_unicode
from mailcenter.settings.model import Settings


def client_config(settings: Settings, domain: str, help_url: str) -> bytes:
    """The answer for a domain (A-labels): the same for every address in it. The program fills in the address itself."""
    root = Element("clientConfig", version="1.1")
    provider = SubElement(root, "emailProvider", id=domain)
    for name in dict.fromkeys((domain, to_unicode(domain))):
        SubElement(provider, "domain").text = name
    SubElement(provider, "displayName").text = settings.host_name
    SubElement(provider, "displayShortName").text = settings.host_name.partition(".")[0]
    for service in sorted(services(settings), key=lambda item: not item.is_incoming):
        place = "incomingServer" if service.is_incoming else "outgoingServer"
        server = SubElement(provider, place, type=service.protocol)
        SubElement(server, "hostname").text = service.host
        SubElement(server, "port").text = str(service.port)
        SubElement(server, "socketType").text = "STARTTLS" if service.starttls else "SSL"
        SubElement(server, "authentication").text = "password-cleartext"
        SubElement(server, "username").text = "%EMAILADDRESS%"
    documentation = SubElement(provider, "documentation", url=help_url)
    SubElement(documentation, "descr", lang="en").text = "Settings for every mail program"
    SubElement(documentation, "descr", lang="de").text = "Einstellungen für jedes Mailprogramm"
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))
