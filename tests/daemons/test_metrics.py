"""The gate's figures as Prometheus reads them: through nginx, of all workers together, and not for everybody."""

from __future__ import annotations

import http.client
import smtplib

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.harness.clients import HOST, Account, mail, send_from_outside, trusting, unique, wait_for_mail
from tests.harness.platform import Platform
from tests.harness.wait import until

Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]


def scraped(platform: Platform, source: str = HOST) -> tuple[int, str]:
    connection = http.client.HTTPSConnection(
        HOST, platform.port("https"), timeout=30, context=trusting(platform), source_address=(source, 0)
    )
    connection.request("GET", "/metrics")
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def figures(platform: Platform) -> Figures:
    status, text = scraped(platform)
    assert status == 200
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(found: Figures, name: str, **labels: str) -> float:
    """The sum of all samples of a name that have these labels."""
    wanted = set(labels.items())
    return sum(value for (sample, its), value in found.items() if sample == name and wanted <= its)


def test_a_refused_and_an_accepted_mail_are_counted(platform: Platform, alice: Account) -> None:
    before, subject = figures(platform), unique("counted")
    send_from_outside(platform, mail(subject), [alice.login])
    message = mail(unique("program"))
    message.add_attachment(b"x", maintype="application", subtype="octet-stream", filename="tool.exe")
    with pytest.raises(smtplib.SMTPDataError):
        send_from_outside(platform, message, [alice.login])
    wait_for_mail(platform, alice, subject)

    def grown(name: str, **labels: str) -> bool:
        return of(figures(platform), name, **labels) > of(before, name, **labels)

    verdicts = "mailcenter_gate_verdicts_total"
    until(lambda: grown(verdicts, service="mx", verdict="accept", stage="eom"), "the accepted mail")
    until(lambda: grown(verdicts, service="mx", verdict="reject", rule="attachments"), "the refused mail")
    for code in ("250", "554"):
        until(lambda code=code: grown("mailcenter_gate_replies_total", code=code), f"reply {code}")  # type: ignore[misc]
    for stage in ("mail", "rcpt", "eom", "rspamd", "clamd"):
        until(lambda stage=stage: grown("mailcenter_gate_stage_seconds_count", stage=stage), stage)  # type: ignore[misc]
    now = figures(platform)
    for name in ("mailcenter_ledger_lag_bytes", "mailcenter_ledger_spool_bytes"):
        assert (name, frozenset()) in now


def test_info_names_the_address_and_strangers_do_not_reach_the_socket(platform: Platform) -> None:
    assert platform.info["metrics"].endswith("/metrics")
    assert platform.paths.metrics_socket.group() == "www-data"
    assert platform.paths.metrics_socket.stat().st_mode & 0o007 == 0
