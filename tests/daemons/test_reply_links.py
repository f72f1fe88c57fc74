"""Every refusal leads to a page: the gate's to that of its reference, Postfix's own to the one about all replies."""

from __future__ import annotations

import re
import smtplib

import pytest

from mailcenter.settings.addresses import reference_url, replies_url
from tests.harness.clients import HOST, Dialogue
from tests.harness.platform import Platform


def test_a_refusal_of_the_gate(platform: Platform) -> None:
    with smtplib.SMTP(HOST, platform.port("smtp"), local_hostname="other.example", timeout=30) as smtp:
        smtp.ehlo()
        smtp.mail("sender@other.example")
        code, text = smtp.rcpt("nobody-of-this-name@demo.example")
    found = re.search(r"\[([0-9a-z]{13})\] (\S+)\Z", text.decode())
    assert (code, bool(found)) == (550, True), text
    assert found is not None
    assert found[2] == reference_url(platform.settings) + found[1]


@pytest.mark.parametrize("command", ["NONSENSE", "RCPT TO:<a b@demo.example>", "DATA"])
def test_a_refusal_of_postfix(platform: Platform, command: str) -> None:
    with Dialogue(platform, "smtp") as dialogue:
        dialogue.reply()
        dialogue.ask("EHLO other.example")
        dialogue.ask("MAIL FROM:<sender@other.example>")
        answer = dialogue.ask(command)
    assert answer.startswith("5")
    assert answer.endswith(f"; see {replies_url(platform.settings)}")
