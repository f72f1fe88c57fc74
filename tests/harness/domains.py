"""Domains of the running platform: when Postfix's own table knows them, so that port 25 takes their mail."""

from __future__ import annotations

import subprocess

from tests.harness.platform import Platform
from tests.harness.wait import until


def new_domain(platform: Platform, name: str) -> None:
    """Make a domain of the demo's organisation, and wait until mail for it is taken."""
    platform.mailcenter("domain", "add", name, "--organisation", "Demo")
    until_in_table(platform, name)


def until_in_table(platform: Platform, name: str) -> None:
    until(lambda: name in domains_in_table(platform), f"Postfix to know {name}")


def domains_in_table(platform: Platform) -> list[str]:
    """As `postmap` reads them, the one reader that Postfix has for people."""
    table = f"lmdb:{platform.paths.domain_table}"
    command = ["postmap", "-c", str(platform.paths.etc("postfix")), "-s", table]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [line.partition("\t")[0] for line in lines]
