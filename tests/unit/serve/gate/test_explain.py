"""A mail explained: the same verdict as for a real one, each rule's answer, and nothing kept."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from mailcenter.policy import table
from mailcenter.policy.platform_book import rule_book
from mailcenter.policy.rulebook import RuleChange
from mailcenter.serve.explaining import ExplainError, ask_gate
from mailcenter.serve.gate.control import LONGEST_LINE, Control
from mailcenter.serve.gate.explain import Asked, explain
from mailcenter.serve.gate.ports import Findings
from tests.unit.serve.gate.world import World

MESSAGE = b"From: Al <a@b.test>\r\nSubject: one\r\n two\r\n\r\nhello\r\n"


def asked(*recipients: str, **changes: Any) -> Asked:
    values: dict[str, Any] = {
        "client": "192.0.2.1",
        "helo": "helo.test",
        "mail_from": "a@b.test",
        "rcpt_to": recipients or ("alice@demo.example",),
        "message": MESSAGE,
    }
    return Asked(**(values | changes))


def explained(world: World, question: Asked) -> dict[str, Any]:
    said = asyncio.run(explain(world.desk(), question))
    assert json.loads(json.dumps(said)) == said
    assert world.records == []
    return said


def answers(said: dict[str, Any], rule: str) -> list[str]:
    return [one["answer"] for one in said["rules"] if one["rule"] == rule]


def test_an_accepted_mail_has_every_rule_in_order() -> None:
    said = explained(world := World(), asked())
    assert (said["verdict"], said["stage"], said["rule"]) == ("accept", "eom", "")
    assert [one["rule"] for one in said["rules"]] == [rule.name for _, rule in table.ALL]
    assert {one["answer"] for one in said["rules"]} == {"passes"}
    assert world.contents == [MESSAGE]
    assert said["recipients"][0]["verdict"] == "accept"
    assert said["score"] == 0.5
    assert {"mail", "rcpt", "eom", "rspamd"} <= said["milliseconds"].keys()


def test_a_refused_recipient_ends_it_before_the_message() -> None:
    said = explained(world := World(), asked("nobody@demo.example"))
    assert (said["verdict"], said["stage"], said["rule"]) == ("reject", "rcpt", "unknown-recipient")
    assert said["reply"].startswith("550 5.1.1 <nobody@demo.example>: ")
    assert answers(said, "unknown-recipient") == ["objects"]
    assert answers(said, "disabled-recipient") == ["passes"], "all rules of a stage are asked"
    assert answers(said, "spam") == ["not reached"]
    assert world.contents == []


def test_each_recipient_is_asked_about() -> None:
    said = explained(World(), asked("alice@demo.example", "nobody@demo.example", "x@far.example"))
    assert said["verdict"] == "accept"
    assert [one["rule"] for one in said["recipients"]] == ["", "unknown-recipient", "relaying"]
    assert answers(said, "relaying") == ["passes", "passes", "objects"]


def test_off_and_spared_are_told() -> None:
    world = World(rules=rule_book({}, [RuleChange("spam", enabled=False)]), findings=Findings(20.0))
    said = explained(world, asked())
    assert (said["verdict"], answers(said, "spam")) == ("accept", ["off"])
    said = explained(World(findings=Findings(20.0)), asked("postmaster@demo.example", "alice@demo.example"))
    assert answers(said, "spam") == ["spared"] or said["recipients"][0]["rule"] == "unknown-recipient"


def test_a_scanner_that_is_away() -> None:
    said = explained(World(down={"rspamd"}), asked())
    assert (said["verdict"], said["rule"]) == ("defer", "unavailable-rspamd")
    assert said["log"] == "rspamd: is down"


def test_as_a_login() -> None:
    said = explained(World(), asked("x@far.example", login="alice@demo.example", mail_from="other@demo.example"))
    assert (said["verdict"], said["stage"], said["rule"]) == ("reject", "mail", "own-sender")


def test_a_file_of_mails_and_unix_line_ends() -> None:
    world = World()
    explained(world, asked(message=b"From a@b.test Sun Nov 22\n" + MESSAGE.replace(b"\r\n", b"\n")))
    assert world.contents == [MESSAGE]


def ask(folder: Path, world: World, most: int = 1000, **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "client": "192.0.2.1",
        "helo": "h",
        "mail_from": "a@b.test",
        "rcpt_to": ["alice@demo.example"],
        "message": MESSAGE,
    }

    async def run() -> dict[str, Any]:
        control = Control(world.desk(), most=most)
        server = await asyncio.start_unix_server(control.serve, folder / "c", limit=LONGEST_LINE)
        async with server:
            return await asyncio.to_thread(ask_gate, folder / "c", **(values | changes))

    return asyncio.run(run())


def test_over_the_control_socket(tmp_path: Path) -> None:
    assert ask(tmp_path, World())["verdict"] == "accept"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"client": "nonsense"}, "no IP address"),
        ({"message": b"x" * 1001}, "1001 bytes; at most 1000"),
        ({"rcpt_to": []}, "0 recipients"),
        ({"rcpt_to": ["a@b.test"] * 101}, "101 recipients"),
        ({"helo": "x" * LONGEST_LINE}, "cannot be understood"),
    ],
)
def test_wrong_questions(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ExplainError, match=told):
        ask(tmp_path, World(), **changes)


def test_our_own_mistake_is_told_without_its_words(tmp_path: Path) -> None:
    with pytest.raises(ExplainError, match="the gate failed: RuntimeError"):
        ask(tmp_path, World(down={"bug"}))


def test_nobody_listens(tmp_path: Path) -> None:
    with pytest.raises(ExplainError, match="does not answer"):
        ask_gate(tmp_path / "none", client="192.0.2.1", helo="", mail_from="", rcpt_to=["a@b.test"], message=b"")
