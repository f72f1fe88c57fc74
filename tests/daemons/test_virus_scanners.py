"""A second virus scanner beside clamd, as the configuration names it: what only it knows is refused by its name."""

from __future__ import annotations

import io
import json
import shutil
import smtplib
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailcenter.engines.clamd.signatures import eicar
from mailcenter.settings.load import load
from tests.daemons.test_gate_verdicts import recorded, reply_text
from tests.harness.clients import Account, mail, send_from_outside, unique, wait_for_mail
from tests.harness.platform import START_SECONDS, Platform

YARA_KNOWS = b"only yara knows this text 4711"
CLAMSCAN_KNOWS = b"only clamscan knows this text 4711"
RULE = 'rule Known_To_Yara { strings: $a = "%s" condition: $a }\n'
_SCANNERS = """
[[virus.scanners]]
name = "yara"
command = ["/usr/bin/yara", "--no-warnings", "-r", "{folder}/known.yar", "{{parts}}"]
infected = []
pattern = '^(\\S+) /'

[[virus.scanners]]
name = "clamscan"
command = ["/usr/bin/clamscan", "--no-summary", "--stdout", "--database={folder}/known.ndb", "-"]
pattern = '^stdin: (.+) FOUND$'
"""


@pytest.fixture(scope="module")
def with_scanners(platform: Platform) -> Iterator[Platform]:
    folder = platform.paths.state / "test-signatures"  # where the gate's user may read
    folder.mkdir(exist_ok=True)
    (folder / "known.yar").write_text(RULE % YARA_KNOWS.decode())
    (folder / "known.ndb").write_text(f"Known.To.Clamscan:0:*:{CLAMSCAN_KNOWS.hex()}\n")
    before = platform.config.read_text()
    platform.config.write_text(before + _SCANNERS.format(folder=folder))
    try:
        platform.mailcenter("up", timeout=START_SECONDS)
        yield platform
    finally:
        platform.config.write_text(before)
        platform.mailcenter("up", timeout=START_SECONDS)
        shutil.rmtree(folder)


def refusal(platform: Platform, name: str, content: bytes) -> tuple[int, str]:
    message = mail(unique("scanned"))
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send_from_outside(platform, message, ["alice@demo.example"])
    return refused.value.smtp_code, reply_text(refused.value)


@pytest.mark.parametrize(
    ("content", "finding", "scanner"),
    [
        (YARA_KNOWS, "Known_To_Yara", "yara"),
        (CLAMSCAN_KNOWS, "Known.To.Clamscan.UNOFFICIAL", "clamscan"),
        (eicar(), "Mailcenter.Test.EICAR.UNOFFICIAL", "clamd"),
    ],
)
def test_what_one_alone_knows_is_refused(with_scanners: Platform, content: bytes, finding: str, scanner: str) -> None:
    code, text = refusal(with_scanners, "letter.txt", content)
    assert code == 554
    assert text.startswith(f"5.7.1 the message holds malware: {finding} [")
    reference = text.partition("[")[2].partition("]")[0]
    (story,) = json.loads(recorded(with_scanners, f"[{reference}]"))
    refused = story["facts"]["refused"]
    assert [(one["detail"], one["scanner"]) for one in refused] == [(finding, scanner)]


def test_clean_mail_passes_them_all(with_scanners: Platform, alice: Account) -> None:
    subject = unique("clean")
    send_from_outside(with_scanners, mail(subject), [alice.login])
    wait_for_mail(with_scanners, alice, subject)


def test_one_that_fails_defers(with_scanners: Platform) -> None:
    rules = Path(load(with_scanners.config).virus.scanners[0].command[3])
    before = rules.read_text()
    rules.write_text("no rule at all")
    try:
        code, text = refusal(with_scanners, "letter.txt", b"harmless")
        assert code == 451
        assert text.startswith("4.3.0 ")
    finally:
        rules.write_text(before)
    send_from_outside(with_scanners, mail(unique("again")), ["alice@demo.example"])


def test_clamd_opens_archives_in_archives(platform: Platform) -> None:
    inner, outer = io.BytesIO(), io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w:gz") as archive:
        entry = tarfile.TarInfo("deep.txt")
        entry.size = len(eicar())
        archive.addfile(entry, io.BytesIO(eicar()))
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("inner.tar.gz", inner.getvalue())
    code, text = refusal(platform, "outer.zip", outer.getvalue())
    assert code == 554
    assert "EICAR" in text
