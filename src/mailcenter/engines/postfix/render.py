"""From the settings to Postfix's files."""

from __future__ import annotations

import math
import os
from ipaddress import ip_address

from mailcenter.engines.base import RenderedFile
from mailcenter.engines.template import render
from mailcenter.mail.domain import to_unicode
from mailcenter.policy.facts import SYSTEM_NAMES
from mailcenter.settings.addresses import replies_url
from mailcenter.settings.identities import DATABASE, POSTGRES_PORT, ROLE_OF_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Network, Settings

_MAPS = {
    # name of the map and of its function, what it says
    "domain": "Domains that are ours.",
    "mailbox": "Mailboxes that exist.",
    "alias": "Aliases, catch-alls, and who gets what is for postmaster and abuse of a domain.",
}

LMTP_LINK = "mailboxes"
"""Name in the queue directory of a symbolic link to Dovecot's LMTP socket."""

_DIRECTORY_PROCESSES = min(4, max(1, (os.cpu_count() or 1) // 2))
"""How many of each kind ask the directory, with connections of their own. What comes while all are busy waits; the
fewer they are, the warmer are they and PostgreSQL's processes that answer them."""

_MILTER_MARGIN = 30  # seconds for the gate's own work and a queue of mails before ours


def rendered_files(settings: Settings) -> list[RenderedFile]:
    """Everything below `etc/postfix`."""
    etc = paths(settings).etc("postfix")
    contents = {
        "main.cf": _main(settings),
        "master.cf": render(
            __file__,
            "master.cf.j2",
            settings,
            xclient=networks(settings.smtp.xclient),
            unbounded=networks(settings.guard.never_lock),
            directory_processes=_DIRECTORY_PROCESSES,
        ),
        "postscreen_access.cidr": _access(settings),
        "postscreen_footers": render(__file__, "postscreen_footers.j2", settings),
        "transport": _transport(settings),
        "submission_header_checks": render(
            __file__, "submission_header_checks.j2", settings, host=settings.host_name.replace(".", "\\.")
        ),
        "command_filter": render(__file__, "command_filter.j2", settings),
        "encoded_recipients": render(__file__, "encoded_recipients.j2", settings),
        "mailbox_header_checks": render(__file__, "mailbox_header_checks.j2", settings),
        "reject_footer": render(__file__, "reject_footer.j2", settings, replies_url=replies_url(settings)),
        "resolv.conf": f"nameserver {settings.dns.address}\noptions edns0 trust-ad timeout:5 attempts:2\n",
    }
    for name, duty in _MAPS.items():
        values = {"map": name, "duty": duty}
        identity = {"database": DATABASE, "port": POSTGRES_PORT, "role": ROLE_OF_USER["postfix"]}
        contents[f"{name}.cf"] = render(__file__, "map.cf.j2", settings, **values, **identity)
    files = [RenderedFile(etc / name, content) for name, content in contents.items()]
    return [*files, RenderedFile(etc / "start", render(__file__, "start.j2", settings), mode=0o755)]


def has_dns(settings: Settings) -> bool:
    """Whether Postfix can ask our resolver: libc asks port 53 and no other."""
    return settings.dns.port == 53


def networks(wanted: list[Network]) -> str:
    """Networks in Postfix's match-list form: IPv6 in brackets."""
    return " ".join(str(net) if net.version == 4 else f"[{net.network_address}]/{net.prefixlen}" for net in wanted)


def interfaces(addresses: list[str]) -> tuple[str, str]:
    """`inet_interfaces` and `inet_protocols` for the addresses we listen on.

    Postfix knows no wildcard per protocol, only `all`; the protocols then say which.
    """
    parsed = [ip_address(address) for address in addresses]
    versions = sorted({address.version for address in parsed})
    protocols = ", ".join(f"ipv{version}" for version in versions)
    if any(address.is_unspecified for address in parsed):
        return "all", protocols
    return ", ".join(str(address) if address.version == 4 else f"[{address}]" for address in parsed), protocols


def _main(settings: Settings) -> str:
    names, protocols = interfaces(settings.listen.addresses)
    return render(
        __file__,
        "main.cf.j2",
        settings,
        interfaces=names,
        protocols=protocols,
        queue=paths(settings).data("postfix-queue"),
        lmtp_link=LMTP_LINK,
        has_dns=has_dns(settings),
        greet_wait=max(1, math.ceil(settings.smtp.greet_wait)),
        command_timeout=math.ceil(settings.gate.lookup_timeout) + 10,
        content_timeout=math.ceil(settings.gate.filter_timeout + settings.gate.lookup_timeout) + _MILTER_MARGIN,
        system_aliases=_system_aliases(settings),
    )


def _system_aliases(settings: Settings) -> dict[str, str]:
    reader = settings.mail.postmaster or f"postmaster@{settings.host_name}"
    return dict.fromkeys(sorted(SYSTEM_NAMES), reader)


def _access(settings: Settings) -> str:
    lines = [
        "# Clients that postscreen lets through without its tests; our own health check is one.",
        "127.0.0.1/32 permit",
        "::1/128 permit",
    ]
    return "\n".join([*lines, *(f"{network} permit" for network in settings.smtp.always_pass)]) + "\n"


def _transport(settings: Settings) -> str:
    lines = ["# Fixed routes (smtp.routes): domain, next hop. A domain is looked up in the form the sender used."]
    for domain, hop in sorted(settings.smtp.routes.items()):
        host, _, port = hop.rpartition(":")
        lines += [f"{form} smtp:[{host.strip('[]')}]:{port}" for form in sorted({domain, to_unicode(domain)})]
    return "\n".join(lines) + "\n"
