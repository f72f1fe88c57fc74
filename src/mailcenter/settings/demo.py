"""The configuration of a demo or test state: loopback only, unprivileged ports, no question to the outside."""

from __future__ import annotations

from pathlib import Path

DEMO_DOMAIN = "demo.example"
DEMO_HOST = "mail.demo.example"
PORTS = {
    "smtp": 2525,
    "submission": 2587,
    "submissions": 2465,
    "imap": 2143,
    "imaps": 2993,
    "pop3": 2110,
    "pop3s": 2995,
    "sieve": 24190,
    "http": 8080,
    "https": 8443,
}
DNS_PORT = 5335
GUARD_PORT = 24180

_TEMPLATE = """\
# A demo state: everything on loopback, nothing asks the outside. docs/settings.md explains each setting.
host_name = "{host}"
state_dir = "{state}"
demo = true

[listen]
addresses = ["127.0.0.1"]
{ports}

[dns]
address = "127.0.0.1"
port = {dns_port}
offline = true

# Lists to try with: put zones of these names into the folder `zones` of the state directory.
[[dns_lists]]
zone = "block.lists.example"

[[dns_lists]]
zone = "block.more-lists.example"

[[dns_lists]]
zone = "allow.lists.example"
kind = "allow"

[guard]
port = {guard_port}

[smtp]
always_pass = ["127.0.0.0/16"]
xclient = ["127.0.0.0/8"]
greet_wait = 2

[virus]
update = false
"""


def demo_toml(
    state: Path, *, ports: dict[str, int] | None = None, dns_port: int = DNS_PORT, guard_port: int = GUARD_PORT
) -> str:
    """The text of a demo state's `mailcenter.toml`; `ports` by the names of the `[listen]` table."""
    lines = "\n".join(f"{name} = {port}" for name, port in (ports or PORTS).items())
    return _TEMPLATE.format(host=DEMO_HOST, state=state, ports=lines, dns_port=dns_port, guard_port=guard_port)
