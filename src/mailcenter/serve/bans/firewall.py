"""Keeps the firewall's set of attackers in line (nftables), and takes it away at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final

from mailcenter.policy.firewall import NFT, removal, ruleset
from mailcenter.settings.model import Settings

_SECONDS: Final = 20.0


class FirewallError(Exception):
    """nft does not take it; `str()` says why."""


class Firewall:
    """What networks are dropped at the platform's own ports; other services of the machine are no business of ours."""

    def __init__(self, settings: Settings) -> None:
        self._table = f"mailcenter_{settings.node.replace('-', '_')}"
        listen = settings.listen.model_dump(exclude={"addresses"})
        self._ports = sorted(set(listen.values()))
        self._known: frozenset[str] | None = None

    async def write(self, networks: Iterable[str]) -> None:
        """Bring the set in line. Raises FirewallError."""
        wanted = frozenset(networks)
        if wanted == self._known:
            return
        await _run(ruleset(self._table, self._ports, wanted))
        self._known = wanted

    async def remove(self) -> None:
        """Take the table away. Raises FirewallError."""
        if self._known is not None:
            self._known = None
            await _run(removal(self._table))


async def _run(commands: str) -> None:
    try:
        nft = await asyncio.create_subprocess_exec(
            NFT, "-f", "-", stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        async with asyncio.timeout(_SECONDS):
            _, said = await nft.communicate(commands.encode("ascii"))
    except TimeoutError:
        nft.kill()
        raise FirewallError(f"nft did not end in {_SECONDS:g} s") from None
    except OSError as error:
        raise FirewallError(f"nft does not start: {error}") from None
    if nft.returncode != 0:
        raise FirewallError(said.decode("utf-8", "replace").strip().partition("\n")[0])
