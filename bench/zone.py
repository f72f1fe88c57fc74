"""The DNS zone of the generated senders, so that SPF, DKIM and DMARC find what ordinary senders publish."""

from __future__ import annotations

ZONE = "senders.example"
NETWORK = "203.0.113.0/24"  # RFC 5737, as all clients that the benchmark states


REVERSE_ZONE = "113.0.203.in-addr.arpa"


def reverse_zone_file() -> str:
    """The reverse zone of the clients, whose names lead back to their addresses (see `zone_file`)."""
    lines = [
        f"$ORIGIN {REVERSE_ZONE}.",
        "$TTL 3600",
        f"@ SOA ns.{ZONE}. hostmaster.{ZONE}. 1 3600 600 86400 300",
        f"@ NS ns.{ZONE}.",
        *(f"{last} PTR client-{last}.{ZONE}." for last in range(1, 255)),
    ]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    """A TXT record's character strings of at most 255 bytes (RFC 1035 section 3.3.14)."""
    return " ".join(f'"{value[start : start + 250]}"' for start in range(0, len(value), 250))


def zone_file(sites: list[str], selector: str, key_record: str) -> str:
    """A zone file with the records of each site, a name below the zone."""
    lines = [
        f"$ORIGIN {ZONE}.",
        "$TTL 3600",
        f"@ SOA ns.{ZONE}. hostmaster.{ZONE}. 1 3600 600 86400 300",
        f"@ NS ns.{ZONE}.",
        "ns A 203.0.113.1",
        *(f"client-{last} A 203.0.113.{last}" for last in range(1, 255)),
    ]
    for site in sites:
        name = site.removesuffix(f".{ZONE}")
        lines += [
            f"{name} A 203.0.113.80",
            f"{name} MX 10 mail.{site}.",
            f'{name} TXT "v=spf1 ip4:{NETWORK} -all"',
            f"mail.{name} A 203.0.113.25",
            f'_dmarc.{name} TXT "v=DMARC1; p=none"',
            f"{selector}._domainkey.{name} TXT {_text(key_record)}",
        ]
    return "\n".join(lines) + "\n"
