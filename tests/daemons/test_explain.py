"""A mail explained by the running gate, by command and by API: the verdict it would get, and nothing kept of it."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import redis

from mailcenter.engines.clamd.signatures import eicar
from mailcenter.policy import table
from mailcenter.policy.client_network import own_network
from mailcenter.settings.identities import REDIS_DATABASE, REDIS_USER
from tests.daemons.test_api import key_for
from tests.harness.clients import Account, mail, subjects, unique
from tests.harness.platform import Platform

CLIENT = "192.0.2.77"


def explained(platform: Platform, file: Path, *options: str, to: str = "alice@demo.example") -> dict[str, Any]:
    said: dict[str, Any] = platform.json(
        "gate", "explain", str(file), "--client", CLIENT, "--helo", "mx.other.example",
        "--from", "sender@other.example", "--to", to, *options,
    )  # fmt: skip
    return said


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mail.eml"
    path.write_bytes(mail(unique("explained")).as_bytes())
    return path


def rates(platform: Platform) -> object:
    """How many mails of the client are counted, asked as the gate asks."""
    with redis.Redis(
        unix_socket_path=str(platform.paths.redis_socket),
        db=REDIS_DATABASE,
        username=REDIS_USER,
        password=platform.paths.redis_password.read_text().strip(),
    ) as connection:
        return connection.get(f"g:rate:client:{own_network(CLIENT)}")


def test_the_verdict_of_a_virus(platform: Platform, tmp_path: Path) -> None:
    message = mail(unique("infected"))
    message.add_attachment(eicar(), maintype="application", subtype="octet-stream", filename="bill.txt")
    path = tmp_path / "mail.eml"
    path.write_bytes(message.as_bytes())
    said = explained(platform, path)
    assert (said["verdict"], said["rule"]) == ("reject", "virus")
    assert said["reply"].startswith("554 5.7.1 the message holds malware: ")
    assert said["facts"]["refused"][0]["name"] == "bill.txt"


def test_an_accepted_mail_leaves_nothing_behind(platform: Platform, alice: Account, file: Path) -> None:
    before = subjects(platform, alice), rates(platform)
    said = explained(platform, file)
    assert said["verdict"] == "accept", said
    assert {answer["rule"] for answer in said["rules"]} == {rule.name for _, rule in table.ALL}
    assert {"rspamd", "clamd", "eom"} <= said["milliseconds"].keys()
    assert (subjects(platform, alice), rates(platform)) == before
    assert platform.json("trace", "sender@other.example", "--limit", "1000") == [
        story
        for story in platform.json("trace", "sender@other.example", "--limit", "1000")
        if story["client_address"] != CLIENT
    ]


def test_for_people_and_with_wrong_words(platform: Platform, file: Path) -> None:
    options = ("--client", CLIENT, "--helo", "h", "--from", "", "--to", "nobody@demo.example")
    said = platform.mailcenter("gate", "explain", str(file), *options).stdout
    assert "unknown-recipient" in said
    assert "550 5.1.1 <nobody@demo.example>" in said
    for wrong, told in (
        (("gate", "explain", "/nowhere", *options), "No such file"),
        (("gate", "explain", str(file), "--client", "x", *options[2:]), "client: 'x' is no IP address"),
    ):
        failed = platform.mailcenter(*wrong, check=False)
        assert failed.returncode != 0
        assert told in failed.stderr
        assert len(failed.stderr.strip().splitlines()) == 1


def test_by_the_api(platform: Platform, file: Path) -> None:
    body = {
        "client": CLIENT,
        "helo": "mx.other.example",
        "mail_from": "sender@other.example",
        "rcpt_to": ["alice@demo.example"],
        "message": base64.b64encode(file.read_bytes()).decode(),
    }
    operator = key_for(platform, platform.logins["operator"]["login"])
    status, said = operator("post", "/gate/explain", body)
    assert (status, said["verdict"]) == (200, "accept"), json.dumps(said)
    assert key_for(platform, platform.logins["domain_admin"]["login"])("post", "/gate/explain", body)[0] == 403
