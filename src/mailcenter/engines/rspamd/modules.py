"""Which of Rspamd's modules are off, and why; each row becomes a file in `override.d`."""

from __future__ import annotations

from mailcenter.settings.model import Settings

MODULES_OFF: dict[str, str] = {
    "antivirus": "the gate asks clamd itself, beside Rspamd",
    "asn": "asks a third party's zone about each client and scores nothing",
    "clickhouse": "the ledger keeps the record",
    "dkim_signing": "signing comes with the domains' keys",
    "elastic": "the ledger keeps the record",
    "external_services": "calls out to scanners we do not run",
    "fuzzy_check": "would send hashes of people's mail to a third party",
    "greylist": "the gate decides who is told to come back",
    "hfilter": "the gate judges greetings, reverse names and senders' domains",
    "history_redis": "the ledger keeps the record",
    "metadata_exporter": "the ledger keeps the record",
    "metric_exporter": "nobody collects from here",
    "milter_headers": "the gate writes the headers",
    "neural": "learns from its own verdicts, for several round trips to Redis per mail",
    "ratelimit": "the gate limits rates",
    "replies": "the gate knows who was written to",
    "url_redirector": "would visit links in people's mail",
}


def modules_off(settings: Settings) -> dict[str, str]:
    """Name of each module that is off for these settings, with the reason."""
    off = dict(MODULES_OFF)
    if settings.dns.offline:
        off["rbl"] = "offline no list could answer, and each mail would ask dozens of questions"
    elif not settings.spam.link_lists:
        off["rbl"] = "lists of links are asked where `spam.link_lists` says so"
    return off
