"""What Rspamd itself understands of our files, beside its packaged ones."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from mailcenter.engines.platform.applied import Applied
from mailcenter.engines.platform.files import settle
from mailcenter.engines.rspamd import ENGINE
from mailcenter.engines.write import ensure_directory
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings


def _understood(settings: Settings) -> dict[str, Any]:
    """The whole configuration in force, as `rspamadm configdump` tells it."""
    for directory in ENGINE.directories(settings):
        ensure_directory(directory)
    settle(settings, ENGINE, Applied())
    etc = paths(settings).etc("rspamd")
    variables = [f"--var={name}={etc}" for name in ("DBDIR", "RUNDIR", "LOGDIR", "LOCAL_CONFDIR")]
    command = ["/usr/bin/rspamadm", *variables, "configdump", "-j", "-c", "/etc/rspamd/rspamd.conf"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture
def understood(server: Settings) -> dict[str, Any]:
    return _understood(server)


def test_lists_of_links_are_asked_and_lists_of_clients_are_not(server: Settings) -> None:
    spam = server.spam.model_copy(update={"link_lists": True})
    found = _understood(server.model_copy(update={"spam": spam}))
    assert found["phishing"]["phishtank_enabled"] is True
    lists = found["rbl"]["rbls"]
    asked = {name: one for name, one in lists.items() if one.get("enabled", True)}
    assert {"SURBL_MULTI", "URIBL_MULTI", "RSPAMD_URIBL", "MSBL_EBL"} <= set(asked)
    assert not [name for name, one in asked.items() if {"from", "received"} & set(one["checks"])]
    assert not [name for name, one in asked.items() if "spamhaus" in one["rbl"]]


def test_no_list_is_asked_by_default(demo: Settings, understood: dict[str, Any]) -> None:
    assert understood["rbl"]["enabled"] is False
    assert understood["phishing"]["phishtank_enabled"] is False
    spam = demo.spam.model_copy(update={"link_lists": True})
    offline = _understood(demo.model_copy(update={"spam": spam}))  # nobody would answer
    assert offline["rbl"]["enabled"] is False
    assert offline["phishing"]["phishtank_enabled"] is False


def test_only_what_another_rule_asks_about_is_looked_up_in_maps(understood: dict[str, Any]) -> None:
    rules = {name for name, one in understood["multimap"].items() if isinstance(one, dict)}
    assert rules == {"freemail_envfrom", "freemail_from", "freemail_replyto"}


def test_bayes_keeps_its_packaged_setting_but_for_ours(understood: dict[str, Any]) -> None:
    bayes = understood["classifier"]["bayes"]
    assert (bayes["tokenizer"], bayes["new_schema"], bayes["autolearn"]) == ({"name": "osb", "window": 3}, False, False)
    assert bayes["backend"] == "redis"
    assert len(bayes["statfile"]) == 2
