"""A DNS of a few names for the tests of SPF; it remembers what it was asked."""

from __future__ import annotations

from ipaddress import ip_address

from mailcenter.spf.dns import Answer, Question, Steps
from mailcenter.spf.errors import TempError
from mailcenter.spf.evaluation import Outcome, Request, evaluate

Records = dict[str, tuple[str, ...] | str]


class Zone:
    """`records` by `kind name`, as `txt b.test`; PTR by the address. `failing`: keys without an answer."""

    def __init__(self, records: Records, failing: tuple[str, ...] = ()) -> None:
        self._records = records
        self._failing = failing
        self.asked: list[str] = []

    def __call__(self, question: Question) -> Answer:
        key = f"{question.kind} {question.name}"
        self.asked.append(key)
        if key in self._failing:
            raise TempError(f"{key}: no answer")
        found = self._records.get(key, ())
        return (found,) if isinstance(found, str) else found


def conduct(evaluation: Steps[Outcome], zone: Zone) -> Outcome:
    """The outcome with this DNS."""
    try:
        question = next(evaluation)
        while True:
            try:
                answer = zone(question)
            except TempError as failure:
                question = evaluation.throw(failure)
            else:
                question = evaluation.send(answer)
    except StopIteration as end:
        outcome: Outcome = end.value
        return outcome


def check(
    zone: Zone | Records, client: str = "192.0.2.1", sender: str = "joe@b.test", helo: str = "mx.helo.test"
) -> Outcome:
    """The outcome for a client and a sender."""
    made = zone if isinstance(zone, Zone) else Zone(zone)
    return conduct(evaluate(Request(ip_address(client), sender, helo)), made)
