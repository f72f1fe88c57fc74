"""Lists of networks and of senders: the nearest and closest entry counts."""

from __future__ import annotations

import pytest

from mailcenter.mail.address import Address, parse_address
from mailcenter.policy.networks import NetworkList, NetworkWord
from mailcenter.policy.senders import SenderEntry, patterns_of, word_of
from mailcenter.policy.treatment import ListWord

NETWORKS = NetworkList(
    [
        ("192.0.2.0/24", "refuse"),
        ("192.0.2.128/25", "allow"),
        ("192.0.2.200/32", "refuse"),
        ("2001:db8::/32", "refuse"),
        ("2001:db8:1::/48", "allow"),
    ]
)


@pytest.mark.parametrize(
    ("client", "word"),
    [
        ("192.0.2.1", "refuse"),
        ("192.0.2.129", "allow"),
        ("192.0.2.200", "refuse"),
        ("192.0.3.1", ""),
        ("2001:db8::1", "refuse"),
        ("2001:db8:1::1", "allow"),
        ("2001:db9::1", ""),
        ("", ""),
        ("unknown", ""),
    ],
)
def test_smallest_network_counts(client: str, word: NetworkWord) -> None:
    assert NETWORKS.word(client) == word


def test_an_empty_list_says_nothing() -> None:
    assert NetworkList().word("192.0.2.1") == ""


SENDER = Address("Al+news", "mail.shop.example")


@pytest.mark.parametrize(
    ("entry", "matches"),
    [
        (SenderEntry("deny", "address", "al+news@mail.shop.example"), True),
        (SenderEntry("deny", "address", "al@mail.shop.example"), True),
        (SenderEntry("deny", "address", "al@shop.example"), False),
        (SenderEntry("deny", "domain", "mail.shop.example"), True),
        (SenderEntry("deny", "domain", "shop.example"), False),
        (SenderEntry("deny", "subdomains", "shop.example"), True),
        (SenderEntry("deny", "subdomains", "mail.shop.example"), True),
        (SenderEntry("deny", "subdomains", "op.example"), False),
    ],
)
def test_what_an_entry_means(entry: SenderEntry, matches: bool) -> None:
    assert entry.matches(SENDER) is matches
    assert word_of([entry], SENDER, 2, 3) == ("deny" if matches else "")
    if matches:
        assert entry.pattern in patterns_of(SENDER), "else it would never be looked up"


@pytest.mark.parametrize(
    ("entries", "word"),
    [
        ([("deny", "domain", None, None), ("allow", "domain", 2, None)], "allow"),
        ([("allow", "domain", 2, None), ("deny", "domain", None, 3)], "deny"),
        ([("deny", "address", None, None), ("allow", "subdomains", None, 3)], "allow"),
        ([("deny", "domain", None, 3), ("allow", "address", None, 3)], "allow"),
        ([("deny", "domain", 9, None)], ""),
        ([("deny", "domain", None, 9)], ""),
        ([], ""),
    ],
    ids=["domain over platform", "mailbox over domain", "nearness first", "closest", "other's", "other's own", "none"],
)
def test_which_of_several_entries_counts(
    entries: list[tuple[str, str, int | None, int | None]], word: ListWord
) -> None:
    pattern = {"address": "a@b.test", "domain": "b.test", "subdomains": "test"}
    made = [
        SenderEntry(action, kind, pattern[kind], domain, mailbox)  # type: ignore[arg-type] # words of the table above
        for action, kind, domain, mailbox in entries
    ]
    for order in (made, made[::-1]):
        assert word_of(order, parse_address("a@b.test"), 2, 3) == word
