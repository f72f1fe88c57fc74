"""Rspamd's answer: score, symbols, authentication results; and answers that are none."""

from __future__ import annotations

from typing import Any

import pytest

from mailcenter.serve.gate.ports import UnavailableError
from mailcenter.serve.gate.rspamd_answer import ARC, DKIM, DMARC, DNS_FAILURES, authentication, read_result
from tests.unit.serve.gate.servers import question


def answer(**changes: Any) -> dict[str, Any]:
    symbols = {"A": {"name": "A", "score": 1.23456}, "B": {"score": 0}}
    return {"score": 4.5, "symbols": symbols, "action": "no action", "time_real": 0.01} | changes


def test_reads() -> None:
    result = read_result(answer(), question(), time_limit=8)
    assert (result.score, result.symbols, result.dns_failed) == (4.5, {"A": 1.235, "B": 0.0}, False)


@pytest.mark.parametrize(
    "changes",
    [
        {"error": "internal"},
        {"score": None},
        {"score": "4"},
        {"score": float("nan")},
        {"symbols": None},
        {"symbols": []},
        {"symbols": {"A": 1}},
        {"action": "soft reject"},
        {"time_real": 8.0},
    ],
)
def test_is_no_answer(changes: dict[str, Any]) -> None:
    with pytest.raises(UnavailableError, match="rspamd"):
        read_result(answer(**changes), question(), time_limit=8)


@pytest.mark.parametrize("symbol", sorted(DNS_FAILURES))
def test_failed_names_are_noticed(symbol: str) -> None:
    assert read_result(answer(symbols={symbol: {}}), question(), time_limit=8).dns_failed


@pytest.mark.parametrize(("symbol", "result"), [pair for table in (DKIM, DMARC, ARC) for pair in table.items()])
def test_every_symbol_is_a_result(symbol: str, result: str) -> None:
    (method,) = authentication({symbol: {"options": []}}, question())
    assert method.result == result
    assert method.method == symbol.removeprefix("R_").partition("_")[0].lower()


def test_properties() -> None:
    symbols = {
        "R_SPF_ALLOW": {"options": ["+ip4:192.0.2.1"]},
        "R_DKIM_ALLOW": {"options": ["b.test:s=one", "c.test:s=two"]},
        "R_DKIM_REJECT": {"options": ["d.test:s=three"]},
        "DMARC_POLICY_REJECT": {"options": ["b.test : no alignment", "reject"]},
        "ARC_ALLOW": {"options": ["l.test:s=x:i=1"]},
    }
    assert [str(method) for method in authentication(symbols, question())] == [
        "dkim=pass header.d=b.test header.s=one",
        "dkim=pass header.d=c.test header.s=two",
        "dkim=fail header.d=d.test header.s=three",
        "dmarc=fail policy.dmarc=reject header.from=B.test",
        "arc=pass smtp.remote-ip=192.0.2.1",
    ]


@pytest.mark.parametrize("options", [None, {}, [1, None], ["", ":s=", "x"], "text"])
def test_odd_options(options: Any) -> None:
    assert authentication({"R_DKIM_ALLOW": {"options": options}}, question())[0].result == "pass"
