"""The ledger through the real daemons: whatever way a mail goes, its story has an end, or the audit says so."""

from __future__ import annotations

import json
import os
import secrets
import signal
import smtplib
import subprocess
from typing import Any

import pytest

from mailcenter.engines.supervisor.client import Supervisor
from tests.daemons.test_gate_failures import sending, waits_at_end_of_data
from tests.daemons.test_protocols import ManageSieve
from tests.harness.clients import Account, logged_in, mail, new_mailbox, send_from_outside, unique
from tests.harness.parts import family, healthy, stopped
from tests.harness.platform import Platform
from tests.harness.remote import RemoteSite
from tests.harness.wait import until

Story = dict[str, Any]


@pytest.fixture
def carol(platform: Platform) -> Account:
    """A mailbox that no other test writes to."""
    return new_mailbox(platform, f"{secrets.token_hex(5)}@demo.example")


def story(platform: Platform, key: str, subject: str, outcome: str, step: str = "") -> Story:
    """The story of the mail with this subject, once it has this outcome and step."""

    def told() -> Story | None:
        stories = [one for one in platform.json("trace", key) if one["subject"] == subject]
        return next((one for one in stories if one["outcome"] == outcome and (not step or step in codes(one))), None)

    return until(told, f"the story of {subject!r} to end with {outcome} {step}")


def codes(told: Story) -> list[str]:
    return [step["code"] for step in told["steps"]]


def text(told: Story) -> str:
    return "\n".join(step["text"] for step in told["steps"])


def sorts(platform: Platform, who: Account, script: str) -> None:
    """Give the mailbox a Sieve script."""
    sieve = ManageSieve(platform, who)
    with sieve.dialogue:
        assert sieve.put("main", script)[-1].startswith("OK")
        assert sieve.activate("main")[-1].startswith("OK")


def test_delivered(platform: Platform, carol: Account) -> None:
    subject = unique("delivered")
    send_from_outside(platform, mail(subject), [carol.login])
    told = story(platform, carol.login, subject, "delivered", "removed")
    assert codes(told) == [
        "connected", "sender", "recipient_accepted", "accepted", "queued", "delivered_folder", "removed",
    ]  # fmt: skip
    assert told["recipients"][0]["folders"] == ["INBOX"]
    for key in (told["reference"], told["queue_id"]):
        [same] = platform.json("trace", key)
        assert same == told
    plain = platform.mailcenter("trace", told["reference"]).stdout
    assert f"Delivered to {carol.login} into the folder INBOX" in plain


def test_refused(platform: Platform) -> None:
    nobody = f"{secrets.token_hex(5)}@demo.example"
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        send_from_outside(platform, mail("refused"), [nobody])
    [(code, reply)] = refusal.value.recipients.values()
    reference = reply.decode().rpartition("[")[2].partition("]")[0]
    [told] = until(lambda: platform.json("trace", reference), "the refusal's story")
    assert (told["outcome"], told["verdict"], code) == ("refused", "reject", 550)
    assert codes(told) == ["connected", "sender", "recipient_refused"]
    assert [recipient["address"] for recipient in told["recipients"]] == [nobody]


def test_junk_goes_by_the_owners_rules_of_folders(platform: Platform, carol: Account) -> None:
    subject = unique("sorted")
    sorts(platform, carol, 'require ["fileinto", "mailbox"];\r\nfileinto :create "Größe: 1";\r\n')
    send_from_outside(platform, mail(subject), [carol.login])
    assert story(platform, carol.login, subject, "delivered")["recipients"][0]["folders"] == ["Größe: 1"]


def test_waits_while_dovecot_is_down_and_is_delivered_then(platform: Platform, carol: Account) -> None:
    subject = unique("waits")
    supervisor = Supervisor(platform.settings)
    supervisor.stop("dovecot")
    try:
        send_from_outside(platform, mail(subject), [carol.login])
        told = story(platform, carol.login, subject, "delayed")
        report = json.loads(platform.mailcenter("ledger", "audit", "--older-than", "0", "--json").stdout)
        assert [item["state"] for item in report["open"] if item["queue_id"] == told["queue_id"]] == ["waiting"]
    finally:
        supervisor.start("dovecot")
    _flush(platform)
    assert "deferred" in codes(story(platform, carol.login, subject, "delivered", "removed"))


def test_bounced_by_the_remote_site(platform: Platform, carol: Account, remote: RemoteSite) -> None:
    address = f"{secrets.token_hex(5)}@remote.example"
    remote.answers[address] = "550 5.1.1 no such user at the remote site"
    subject = unique("bounced")
    with logged_in(platform, carol) as smtp:
        smtp.send_message(mail(subject, sender=carol.login, to=address))
    told = story(platform, address, subject, "bounced", "bounce_delivered")
    assert codes(told)[:4] == ["connected_tls", "logged_in", "sender", "recipient_accepted"]
    assert "no such user at the remote site" in text(told)
    assert f"Notice of non-delivery delivered to {carol.login}" in text(told)


def test_relayed_to_the_remote_site(platform: Platform, carol: Account, remote: RemoteSite) -> None:
    address = f"{secrets.token_hex(5)}@remote.example"
    subject = unique("relayed")
    with logged_in(platform, carol) as smtp:
        smtp.send_message(mail(subject, sender=carol.login, to=address))
    assert "taken" in text(story(platform, address, subject, "delivered", "relayed"))


def test_redirected_by_the_owner(platform: Platform, carol: Account, remote: RemoteSite) -> None:
    subject = unique("redirected")
    sorts(platform, carol, 'redirect "far@remote.example";\r\n')
    send_from_outside(platform, mail(subject), [carol.login])
    told = story(platform, carol.login, subject, "redirected", "relayed")
    assert f"Redirected by a rule of {carol.login} to far@remote.example" in text(told)
    assert len(told["queue_ids"]) == 2


def test_discarded_by_the_owner(platform: Platform, carol: Account) -> None:
    subject = unique("discarded")
    sorts(platform, carol, "discard;\r\n")
    send_from_outside(platform, mail(subject), [carol.login])
    assert f"Discarded by a rule of {carol.login}" in text(story(platform, carol.login, subject, "discarded"))


def test_an_answer_of_the_owners_rule_is_a_mail_made_here(
    platform: Platform, carol: Account, remote: RemoteSite
) -> None:
    subject = unique("vacation")
    sorts(platform, carol, 'require "vacation";\r\nvacation "I am away";\r\n')
    asks = f"{secrets.token_hex(5)}@remote.example"
    send_from_outside(platform, mail(subject, sender=asks, to=carol.login), [carol.login], sender=asks)
    story(platform, carol.login, subject, "delivered", "replied")
    answer = until(
        lambda: [one for one in platform.json("trace", asks) if one["service"] == "local"], "the answer's own story"
    )[0]
    assert answer["outcome"] == "delivered"
    assert answer["recipients"][0]["address"] == asks


def test_both_mailboxes_of_an_alias(platform: Platform, carol: Account, alice: Account) -> None:
    subject = unique("alias")
    alias = f"{secrets.token_hex(5)}@demo.example"
    platform.mailcenter("alias", "add", alias, carol.login, alice.login)
    send_from_outside(platform, mail(subject), [alias])
    told = story(platform, alias, subject, "delivered", "removed")
    reached = {step["params"]["recipient"] for step in told["steps"] if step["code"] == "delivered_folder"}
    assert reached == {carol.login, alice.login}


def test_the_gate_dies_after_its_verdict_was_written(platform: Platform, carol: Account) -> None:
    """Its record may say accepted while the sender is told to come back: no story may then lack an end."""
    subject = unique("gate killed")
    reached = waits_at_end_of_data(platform)
    with stopped(family(platform, "rspamd")), sending(platform, subject, carol.login) as answer:
        until(reached, "the mail to be scanned")
        for process in family(platform, "gate"):
            process.kill()
        assert answer.result(timeout=60) == 451
    until(lambda: _audit(platform)["unexplained"] == 0, "the audit to find nothing", timeout=60)


def test_the_ledger_killed_while_mail_comes_in(platform: Platform, carol: Account) -> None:
    marks = [unique("ledger killed") for _ in range(12)]
    for subject in marks:
        send_from_outside(platform, mail(subject), [carol.login])
        if subject in marks[::3]:
            os.kill(until(lambda: _pid(platform, "ledger"), "the ledger daemon to run"), signal.SIGKILL)

    def done() -> bool:
        stories = [one for one in platform.json("trace", carol.login) if one["subject"] in marks]
        assert len({one["reference"] for one in stories}) == len(stories)
        return len([one for one in stories if one["outcome"] == "delivered" and codes(one)[-1] == "removed"]) == 12

    until(done, "all twelve stories", timeout=60)
    for one in platform.json("trace", carol.login):
        assert len(set(codes(one))) == len(codes(one)), "a step is told twice"


def test_rotated_logs_are_read_to_their_end(platform: Platform, carol: Account) -> None:
    marks = [unique("rotated") for _ in range(9)]
    config = str(platform.paths.etc("logrotate") / "logrotate.conf")
    state = str(platform.paths.data("logrotate") / "status")
    for subject in marks:
        send_from_outside(platform, mail(subject), [carol.login])
        if subject in marks[::3]:
            subprocess.run(["/usr/sbin/logrotate", "--force", "--state", state, config], check=True)

    def done() -> bool:
        stories = platform.json("trace", carol.login)
        return len([one for one in stories if codes(one)[-2:] == ["delivered_folder", "removed"]]) == len(marks)

    until(done, "all stories to be whole")
    for daemon in ("postfix", "dovecot"):
        log = platform.paths.log(daemon)
        assert log.with_name(f"{log.name}.3").exists()


def test_the_audit_finds_every_mail_explained(platform: Platform) -> None:
    until(lambda: _audit(platform)["unexplained"] == 0, "the audit to find nothing", timeout=60)
    assert "0 unexplained" in platform.mailcenter("ledger", "audit").stdout


def test_the_audit_names_a_lost_mail(platform: Platform, carol: Account) -> None:
    subject = unique("lost")
    supervisor = Supervisor(platform.settings)
    supervisor.stop("dovecot")
    aside = platform.paths.data("postfix-queue") / "aside"
    try:
        send_from_outside(platform, mail(subject), [carol.login])
        queue_id = story(platform, carol.login, subject, "delayed")["queue_id"]
        [queued] = (platform.paths.data("postfix-queue") / "deferred").rglob(queue_id)
        queued.rename(aside)
        found = platform.mailcenter("ledger", "audit", "--older-than", "0", "--json", check=False)
        queued.parent.mkdir(exist_ok=True)
        aside.rename(queued)
        assert found.returncode == 1
        lost = [item for item in json.loads(found.stdout)["open"] if item["state"] == "unexplained"]
        assert [(item["queue_id"], item["recipient"]) for item in lost] == [(queue_id, carol.login)]
    finally:
        supervisor.start("dovecot")
    _flush(platform)
    story(platform, carol.login, subject, "delivered", "removed")


def _pid(platform: Platform, name: str) -> int:
    """The daemon's process; 0 while the supervisor waits to start it again."""
    return Supervisor(platform.settings).processes()[name].pid


def _audit(platform: Platform) -> dict[str, Any]:
    found = platform.mailcenter("ledger", "audit", "--older-than", "0", "--json", check=False)
    report: dict[str, Any] = json.loads(found.stdout)
    return report


def _flush(platform: Platform) -> None:
    """Let Postfix try again what waits, once Dovecot is back."""
    until(lambda: healthy(platform, "dovecot"), "Dovecot to be healthy")
    platform.flush_queue()
