"""The parts of an SPF record (RFC 7208 section 4.6), ready to be evaluated; `syntax` reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mailcenter.spf.macro import MacroString
from mailcenter.spf.network import Network
from mailcenter.spf.words import QUALIFIERS, Result

Name = Literal["all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"]


@dataclass(frozen=True, slots=True)
class Mechanism:
    """`text`: as it stands in the record. `domain`: None for the one that is checked. `network`: of `ip4` and `ip6`.

    `length4`, `length6`: of `a` and `mx`, how many first bits must agree.
    """

    name: Name
    qualifier: str
    text: str
    domain: MacroString | None = None
    network: Network | None = None
    length4: int = 32
    length6: int = 128

    @property
    def result(self) -> Result:
        """What it says where it matches."""
        return QUALIFIERS[self.qualifier]


@dataclass(frozen=True, slots=True)
class Record:
    """`redirect`: where to go on if nothing matches; None without, or where an `all` makes it meaningless."""

    mechanisms: tuple[Mechanism, ...]
    redirect: MacroString | None = None
