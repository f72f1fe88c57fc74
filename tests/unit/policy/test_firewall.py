"""The firewall's rules, by nft itself in a network of the test's own: who is listed is not heard, everybody else is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mailcenter.policy.firewall import NFT, removal, ruleset

PORT = 9993
_PROBE = """
import json, socket, sys
port = int(sys.argv[1])
listening = [socket.create_server((host, port), family=family) for host, family in
             (("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6))]
heard = []
for source in sys.argv[2:]:
    target = "::1" if ":" in source else "127.0.0.1"
    try:
        socket.create_connection((target, port), timeout=1, source_address=(source, 0)).close()
        heard.append(source)
    except TimeoutError:
        pass
print(json.dumps(heard))
"""


def heard(folder: Path, rules: list[str], sources: list[str], port: int = PORT) -> list[str]:
    """Which addresses reach a port behind the rules, loaded one after the other."""
    steps = ["ip link set lo up"]
    for number, text in enumerate(rules):
        (folder / f"{number}.nft").write_text(text)
        steps.append(f"{NFT} -f {folder / f'{number}.nft'}")
    (folder / "probe.py").write_text(_PROBE)
    steps.append(f"{sys.executable} {folder / 'probe.py'} {port} {' '.join(sources)}")
    done = subprocess.run(
        ["unshare", "--net", "sh", "-ec", "\n".join(steps)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    reached: list[str] = json.loads(done.stdout)
    return reached


ATTACKERS = ["127.9.9.9/32", "127.8.0.0/16", "127.8.1.0/24", "2001:db8:1:2::/64"]
SOURCES = ["127.9.9.9", "127.8.1.1", "127.8.200.1", "127.9.9.8", "::1"]


def test_attackers_are_not_heard_at_our_ports(tmp_path: Path) -> None:
    rules = ruleset("mailcenter_node1", [25, PORT], ATTACKERS)
    assert heard(tmp_path, [rules], SOURCES) == ["127.9.9.8", "::1"]


def test_ipv6_is_listed_too(tmp_path: Path) -> None:
    assert heard(tmp_path, [ruleset("t", [PORT], ["::1/128"])], ["127.0.0.1", "::1"]) == ["127.0.0.1"]


def test_other_ports_of_the_machine_are_let_alone(tmp_path: Path) -> None:
    assert heard(tmp_path, [ruleset("t", [25], ATTACKERS)], SOURCES) == SOURCES


def test_a_new_list_takes_the_place_of_the_old_one_and_is_taken_away(tmp_path: Path) -> None:
    first, second = ruleset("t", [PORT], ["127.9.9.9/32"]), ruleset("t", [PORT], ["127.9.9.8/32"])
    assert heard(tmp_path, [first, second], SOURCES[:1] + SOURCES[3:]) == ["127.9.9.9", "::1"]
    assert heard(tmp_path, [first, removal("t")], SOURCES) == SOURCES


@pytest.mark.parametrize("networks", [[], ["192.0.2.0/24"]])
def test_commands_are_one_transaction(networks: list[str]) -> None:
    assert ruleset("t", [25], networks).startswith("table inet t\ndelete table inet t\n\ntable inet t {\n")
