"""Real signed mails: a folder with `mails.tar.xz`, their keys in `dkim.zone`, and the results in `expected.tsv`.

A line of `expected.tsv` is: file, results of DKIM (`SELECTOR._domainkey.DOMAIN=RESULT`, blanks between), result of ARC.
A signature that has expired since (`x=`, RFC 6376 section 3.5) must not pass, whatever the file says.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from bench.mails import read as read_mails
from bench.smtp import Client
from bench.suites.probe import Case
from bench.suites.scenario import Allowed, Scenario
from bench.suites.zones import Names

_ANYBODY = "192.0.2.25"
_SIGNATURE = re.compile(r"^DKIM-Signature:((?:[^\r]|\r\n[ \t])*)", re.IGNORECASE | re.MULTILINE)
_NOT_PASSED = {"nothing", "none", "neutral", "policy", "fail", "permerror"}


def read(folder: Path) -> list[Scenario]:
    """All mails as one scenario.

    Raises:
        OSError, tarfile.TarError: it cannot be read.
        ValueError: a file has another form.
    """
    lines = [line.split("\t") for line in (folder / "expected.tsv").read_text().splitlines()]
    expected = {name: (dkim, arc) for name, dkim, arc in lines}
    cases = []
    allowed: dict[str, Allowed] = {}
    for mail in read_mails(folder / "mails.tar.xz"):
        if mail.name in expected:
            cases.append(Case(mail.name, _outside(mail.client), mail.mail_from, mail.content))
            allowed[mail.name] = _allowed(*expected[mail.name], _expired(mail.content))
    return [Scenario(folder.name, _keys(folder / "dkim.zone"), cases, allowed)]


def _keys(file: Path) -> Names:
    """Records of a zone file, each on a line with an absolute name: `NAME TTL IN TYPE DATA`."""
    names = Names()
    for line in file.read_text().splitlines():
        if line.strip():
            owner, _, _, record = line.split(" ", 3)
            names.records[owner.rstrip(".").lower()].append(record)
    return names


def _outside(client: Client) -> Client:
    """The client of the mail's trace, or one of no meaning: what comes from this machine itself is not checked."""
    return client if client.address else replace(client, address=_ANYBODY)


def _expired(content: bytes) -> set[str]:
    """The names of key records whose signatures are all past their end."""
    header = content.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
    ends: dict[str, list[bool]] = defaultdict(list)
    for field in _SIGNATURE.findall(header):
        pairs = (part.partition("=") for part in field.split(";"))
        tags = {name.strip(): "".join(value.split()) for name, _, value in pairs}
        over = tags.get("x", "").isdecimal() and int(tags["x"]) < time.time()
        ends[f"{tags.get('s')}._domainkey.{tags.get('d')}"].append(over)
    return {name for name, over in ends.items() if all(over)}


def _allowed(dkim: str, arc: str, expired: set[str]) -> Allowed:
    results = dict(word.split("=", 1) for word in dkim.split()) or {"dkim": "none"}
    keys = {name: _NOT_PASSED if name in expired else {result} for name, result in results.items()}
    return {**keys, "arc": {arc or "none"}}
