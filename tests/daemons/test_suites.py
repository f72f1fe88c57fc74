"""The tools for the public suites, with cases of our own: what the gate finds is what SPF, ARC and DKIM ask for."""

from __future__ import annotations

import io
import tarfile
import textwrap
from pathlib import Path

import pytest
import yaml
from bench.replay.platform import Platform as ReplayPlatform
from bench.signing import SELECTOR, Signer
from bench.suites import arc, signed, spf
from bench.suites.scenario import Outcome, Scenario, run

from tests.harness.clients import mail
from tests.harness.platform import Platform
from tests.harness.sealing import SELECTOR as SEAL_SELECTOR
from tests.harness.sealing import Sealer

SPF = """
description: own cases
tests:
  pass: {helo: mail.suite.example, host: 192.0.2.3, mailfrom: a@suite.example, result: pass}
  fail: {helo: mail.suite.example, host: 192.0.2.4, mailfrom: a@suite.example, result: fail}
  softfail: {helo: mail.suite.example, host: 192.0.2.4, mailfrom: a@soft.suite.example, result: softfail}
  neutral: {helo: mail.suite.example, host: 192.0.2.4, mailfrom: a@neutral.suite.example, result: [neutral, none]}
  none: {helo: mail.suite.example, host: 192.0.2.3, mailfrom: a@nothing.suite.example, result: none}
  include: {helo: mail.suite.example, host: 192.0.2.3, mailfrom: a@include.suite.example, result: pass}
  redirect: {helo: mail.suite.example, host: 192.0.2.4, mailfrom: a@redirect.suite.example, result: fail}
  macro: {helo: mail.suite.example, host: 192.0.2.9, mailfrom: joe@macro.suite.example, result: pass}
  unanswered: {helo: mail.suite.example, host: 192.0.2.3, mailfrom: a@silent.suite.example, result: temperror}
  notice: {helo: suite.example, host: 192.0.2.3, mailfrom: '', result: pass}
zonedata:
  suite.example: [{SPF: v=spf1 mx -all}, {MX: [10, mail.suite.example]}]
  mail.suite.example: [{A: 192.0.2.3}]
  soft.suite.example: [{SPF: v=spf1 a ~all}, {A: 192.0.2.7}]
  neutral.suite.example: [{SPF: 'v=spf1 ip4:192.0.2.7 ?all'}]
  nothing.suite.example: [{A: 192.0.2.7}]
  include.suite.example: [{SPF: ['v=spf1 include:', suite.example -all]}]
  redirect.suite.example: [{SPF: v=spf1 redirect=suite.example}]
  macro.suite.example: [{SPF: 'v=spf1 exists:%{l}._spf.%{d} -all'}]
  joe._spf.macro.suite.example: [{A: 127.0.0.2}]
  silent.suite.example: [TIMEOUT]
"""


def drive(platform: Platform, scenarios: list[Scenario]) -> Outcome:
    return run(ReplayPlatform(platform.config), scenarios)


@pytest.fixture(scope="module")
def letter() -> bytes:
    return mail("a case", sender="a@sealed.example", to="reader@demo.example").as_bytes()


def test_spf(platform: Platform, tmp_path: Path) -> None:
    file = tmp_path / "suite.yml"
    file.write_text(SPF)
    outcome = drive(platform, spf.read(file))
    assert outcome.differences == []
    assert outcome.not_judged == {}
    assert outcome.as_expected == 10


def test_arc(platform: Platform, tmp_path: Path, letter: bytes) -> None:
    sealer = Sealer("forwarder.example")
    sealed = sealer.seal(letter, "dmarc=pass header.from=sealed.example")
    changed = sealed.replace(b"hello", b"hullo")
    cases = {"whole": (sealed, "Pass"), "changed": (changed, "Fail"), "bare": (letter, "None")}
    document = {
        "description": "own cases",
        "tests": {name: {"message": message.decode(), "cv": cv} for name, (message, cv) in cases.items()},
        "txt-records": {f"{SEAL_SELECTOR}._domainkey.forwarder.example": sealer.record()},
    }
    file = tmp_path / "suite.yml"
    file.write_text(yaml.safe_dump(document))
    outcome = drive(platform, arc.read(file))
    assert outcome.differences == []
    assert outcome.as_expected == 3


def test_signed_mails(platform: Platform, tmp_path: Path, letter: bytes) -> None:
    signer = Signer()
    whole = signer.sign(letter, "sealed.example")
    mails = {"whole.eml": whole, "changed.eml": whole.replace(b"hello", b"hullo"), "bare.eml": letter}
    with tarfile.open(tmp_path / "mails.tar.xz", "w:xz") as archive:
        for name, content in mails.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    key, record = f"{SELECTOR}._domainkey.sealed.example", signer.record()
    (tmp_path / "dkim.zone").write_text(f'{key}. 60 IN TXT "{record[:200]}" "{record[200:]}"\n')
    (tmp_path / "expected.tsv").write_text(
        textwrap.dedent(f"""\
            whole.eml\t{key}=pass\tnone
            changed.eml\t{key}=fail\tnone
            bare.eml\t\tnone
        """)
    )
    outcome = drive(platform, signed.read(tmp_path))
    assert outcome.differences == []
    assert outcome.as_expected == 3


def test_a_wrong_result_is_told(platform: Platform, tmp_path: Path) -> None:
    file = tmp_path / "suite.yml"
    file.write_text(SPF.replace("a@suite.example, result: fail", "a@suite.example, result: pass"))
    outcome = drive(platform, spf.read(file))
    assert [(one.case, one.found) for one in outcome.differences] == [("fail", "fail")]
    assert outcome.false_passes == []
