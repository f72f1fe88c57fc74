"""Who delivered a mail, by the trace of the servers that were in use when the corpora were made."""

from __future__ import annotations

import pytest
from bench.detection.trace import first_hop

DATE = "; Mon, 2 Sep 2002 15:59:46 +0100"
FETCHED = "Received: from mail.pop.example [9.8.7.6]\n\tby localhost with POP3 (fetchmail-5.9.0)" + DATE + "\n"


@pytest.mark.parametrize(
    ("value", "address", "name", "helo", "forged"),
    [
        ("from helo.example (name.example [1.2.3.4]) by x.example", "1.2.3.4", "name.example", "helo.example", False),
        ("from helo.example (root@name.example [1.2.3.4]) by x", "1.2.3.4", "name.example", "helo.example", False),
        ("from helo.example ([1.2.3.4]) by x.example", "1.2.3.4", "", "helo.example", False),
        ("from h.example (n.example [1.2.3.4] (may be forged)) by x", "1.2.3.4", "n.example", "h.example", True),
        ("from unknown (HELO helo.example) (1.2.3.4) by x.example", "1.2.3.4", "", "helo.example", False),
        ("from n.example (HELO helo.example) (1.2.3.4) by x", "1.2.3.4", "n.example", "helo.example", False),
    ],
)
def test_first_hop(value: str, address: str, name: str, helo: str, forged: bool) -> None:
    inner = "Received: from pc (localhost [127.0.0.1]) by x.example" + DATE + "\n"
    hop = first_hop(f"Subject: x\n{FETCHED}{inner}Received: {value}{DATE}\nDate: x\n")
    assert hop is not None
    assert (hop.address, hop.name, hop.helo, hop.forged) == (address, name, helo, forged)
    assert hop.at is not None
    assert hop.at.isoformat() == "2002-09-02T15:59:46+01:00"


def test_no_hop_from_outside() -> None:
    assert first_hop(f"Subject: x\n{FETCHED}Received: from pc (pc [10.0.0.1]) by x.example{DATE}\n") is None
