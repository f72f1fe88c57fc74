"""One attempt to log in, as the services tell of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final, Literal, get_args

from mailcenter.policy.client_network import own_network

Service = Literal["imap", "pop3", "sieve", "submission", "web"]
"""What is locked by itself: who is locked out of one may still use the others."""

SERVICES: Final[tuple[Service, ...]] = get_args(Service)
BY_PROTOCOL: Final[dict[str, Service]] = {
    "imap": "imap",
    "pop3": "pop3",
    "sieve": "sieve",
    "smtp": "submission",
    "submission": "submission",
    "web": "web",
}
"""Dovecot's name of the protocol to ours; what is not here (doveadm, LMTP) is no login of people."""

_LONGEST_LOGIN: Final = 320
_LONGEST_GUESS: Final = 128
_LONGEST_PROGRAM: Final = 80
_ID_FIELD: Final = re.compile(r'"(name|version|os)" "([^"]*)"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attempt:
    """`network` is the client's own: an IPv4 address, or an IPv6 /64. `guess` stands for the password.

    `program`: what it calls itself (RFC 2971), empty where it does not.
    """

    service: Service
    address: str
    network: str
    login: str
    guess: str
    program: str = ""


def read_attempt(
    protocol: object, remote: object, login: object, guess: object, client_id: object = ""
) -> Attempt | None:
    """The attempt, or None where it is none that can be judged: an unknown protocol, or no address of a client."""
    service = BY_PROTOCOL.get(protocol) if isinstance(protocol, str) else None
    if service is None or not isinstance(remote, str):
        return None
    try:
        network = own_network(remote)
    except ValueError:
        return None
    name = login.lower()[:_LONGEST_LOGIN] if isinstance(login, str) else ""
    digest = guess[:_LONGEST_GUESS] if isinstance(guess, str) else ""
    return Attempt(service, remote, network, name, digest, program_of(client_id))


def program_of(client_id: object) -> str:
    """Name, version and system out of IMAP's ID parameters (RFC 2971), on one line and bounded."""
    if not isinstance(client_id, str):
        return ""
    told = {name.lower(): value for name, value in _ID_FIELD.findall(client_id[:4096])}
    text = " ".join(filter(None, (told.get("name"), told.get("version"))))
    if told.get("os"):
        text = f"{text} ({told['os']})".strip()
    return "".join(letter for letter in text if letter.isprintable())[:_LONGEST_PROGRAM]


def is_within(address: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    """Whether an address lies in one of the networks."""
    client = ip_address(address)
    return any(client.version == network.version and client in network for network in networks)


def is_whole_address(login: str) -> bool:
    """Whether it has the form of every mailbox's login. What has not is told so, whoever asks: it reveals nothing."""
    local_part, _at, domain = login.rpartition("@")
    return bool(local_part and domain)
