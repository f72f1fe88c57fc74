"""The DNS as the platform sees it: zones that its resolver serves, and a resolver that is silent or dies."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ipaddress import ip_address

import psutil

from mailcenter.engines.base import EngineError
from mailcenter.engines.unbound import ENGINE as UNBOUND
from tests.harness.platform import Platform
from tests.harness.wait import until

LISTED = "A 127.0.0.2"
_REMEMBERED_SECONDS = 1.2
Records = Mapping[str, str]
"""By owner name relative to the zone, `@` for itself: `TYPE DATA`. Answers are remembered for a second only."""


def unanswered(label: str) -> Records:
    """A delegation to nobody, for a zone's records: SERVFAIL for all below `label`."""
    return {label: f"NS nowhere.{label}", f"nowhere.{label}": "A 127.0.0.9"}


def listing(address: str) -> str:
    """The owner name of an address in a DNS list (RFC 5782 section 2.1), or in a reverse zone of the same octets."""
    return ip_address(address).reverse_pointer.removesuffix(".in-addr.arpa").removesuffix(".ip6.arpa")


def last_octet(address: str) -> str:
    """The owner name of an IPv4 address in its /24's reverse zone."""
    return address.rpartition(".")[2]


@contextmanager
def served(platform: Platform, zones: Mapping[str, Records]) -> Iterator[None]:
    """The platform's resolver serves these zones."""
    folder = platform.paths.state / "zones"
    files = {folder / f"{name}.zone": _zone(records) for name, records in zones.items()}
    for file, content in files.items():
        file.write_text(content)
    _reload(platform)
    try:
        yield
    finally:
        for file in files:
            file.unlink()
        _reload(platform)


def resolver(platform: Platform) -> psutil.Process:
    """The resolver's process as `mailcenter status` tells, as soon as there is one."""
    return until(lambda: _resolver(platform), "a resolver", timeout=60)


def _resolver(platform: Platform) -> psutil.Process | None:
    engines = json.loads(platform.mailcenter("status", "--json", check=False).stdout)["engines"]
    (process,) = next(engine["processes"] for engine in engines if engine["name"] == UNBOUND.name)
    try:
        return psutil.Process(process["pid"]) if process["pid"] else None
    except psutil.NoSuchProcess:  # it died, or is about to be started
        return None


@contextmanager
def silent_resolver(platform: Platform) -> Iterator[None]:
    """The resolver is halted: questions are lost, or answered late if it goes on in time.

    What it has said of `served` zones before is forgotten when the block begins.
    """
    process = resolver(platform)
    process.suspend()
    try:
        time.sleep(_REMEMBERED_SECONDS)
        yield
    finally:
        process.resume()


def kill_resolver(platform: Platform) -> None:
    """Kill the resolver and wait until another one runs."""
    dead = resolver(platform)
    dead.kill()
    until(lambda: resolver(platform) != dead, "another resolver", timeout=60)


def _reload(platform: Platform) -> None:
    """Let the resolver take its zones anew; one that has just been killed may not listen yet."""

    def done() -> bool:
        try:
            UNBOUND.reload(platform.settings)
        except EngineError:
            return False
        return True

    until(done, "the resolver to take its zones")


def _zone(records: Records) -> str:
    lines = [f"{owner} {record}" for owner, record in records.items()]
    return "\n".join(["$TTL 1", "@ SOA ns h 1 3600 600 86400 1", "@ NS ns", "ns A 127.0.0.1", *lines, ""])
