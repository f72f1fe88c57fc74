"""What DMARC wants done with a message, after everything that speaks for it was weighed."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

DmarcAction = Literal["", "defer", "quarantine", "reject"]


class DmarcFacts(msgspec.Struct, frozen=True):
    """`author`: the domain that stands as author; `request`: the policy that asks, as `p=reject`, and whose it is.

    `defer`: the DNS did not say whether the author is proven, and something would be done if it is not.
    """

    action: DmarcAction = ""
    author: str = ""
    policy_domain: str = ""
    request: str = ""


NOTHING: Final = DmarcFacts()
