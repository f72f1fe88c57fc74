"""`check_host()` of RFC 7208 section 4, asking the DNS through a generator instead of a socket.

evaluation = evaluate(Request(client, "a@example.org", "mail.example.org"))
question = next(evaluation)
while True:                       # StopIteration carries the Outcome
    question = evaluation.send(answer_to(question))    # or .throw(TempError("why"))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from mailcenter.spf.client_names import ClientNames
from mailcenter.spf.dns import Question, Steps
from mailcenter.spf.errors import PermError, TempError
from mailcenter.spf.limits import MOST_NAMES, Limits
from mailcenter.spf.macro import MacroString
from mailcenter.spf.names import cut, is_askable
from mailcenter.spf.network import Address, are_near, plain
from mailcenter.spf.record import Mechanism, Record
from mailcenter.spf.syntax import is_record, parse_record
from mailcenter.spf.words import Result


@dataclass(frozen=True, slots=True)
class Request:
    """`mail_from`: the reverse-path without brackets, empty for notices: then HELO is the identity (section 2.4)."""

    client: Address
    mail_from: str
    helo: str

    @property
    def sender(self) -> str:
        """The identity as an address; one without a local part is postmaster's (section 4.3)."""
        local_part, _, domain = (self.mail_from or self.helo).rpartition("@")
        return f"{local_part or 'postmaster'}@{domain}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`domain`: whose word it is. `reason`: the mechanism that matched, or what is wrong; for logs."""

    result: Result
    domain: str
    reason: str = ""


def evaluate(request: Request) -> Steps[Outcome]:
    """The result for a client and sender. Raises nothing for what the DNS or the envelope holds."""
    domain = request.sender.rpartition("@")[2].removesuffix(".").lower()
    try:
        return (yield from _Evaluation(request).check(domain))
    except PermError as error:
        return Outcome(Result.PERMERROR, domain, str(error))
    except TempError as error:
        return Outcome(Result.TEMPERROR, domain, str(error))


class _Evaluation:
    """One message: its limits hold over all records that are included or redirected to."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._client = plain(request.client)
        self._names = ClientNames(self._client)
        self._limits = Limits()

    def check(self, domain: str) -> Steps[Outcome]:
        record = yield from _record_at(domain)
        if record is None:
            return Outcome(Result.NONE, domain, "no record")
        for mechanism in record.mechanisms:
            if (yield from self._matches(mechanism, domain)):
                return Outcome(mechanism.result, domain, mechanism.text)
        if record.redirect is None:
            return Outcome(Result.NEUTRAL, domain, "nothing matches")
        self._limits.count_term()
        target = yield from self._target(record.redirect, domain)
        outcome = yield from self.check(target)
        if outcome.result is Result.NONE:
            raise PermError(f"redirect to {target}, which has no record")
        return outcome

    def _matches(self, mechanism: Mechanism, domain: str) -> Steps[bool]:
        if mechanism.network is not None:
            return mechanism.network.holds(self._client)
        check = _CHECKS.get(mechanism.name)
        if check is None:
            return True  # `all`
        self._limits.count_term()
        target = domain if mechanism.domain is None else (yield from self._target(mechanism.domain, domain))
        if mechanism.name != "include" and not is_askable(target):
            return False  # what a macro made: no match, as most do (section 4.8)
        return (yield from check(self, target, mechanism))

    def _includes(self, target: str, _mechanism: Mechanism) -> Steps[bool]:
        """Section 5.2: only a pass matches; no record there is an error here."""
        outcome = yield from self.check(target)
        if outcome.result is Result.NONE:
            raise PermError(f"include of {target}, which has no record")
        return outcome.result is Result.PASS

    def _is_address_of(self, target: str, mechanism: Mechanism) -> Steps[bool]:
        found = yield self._address_question(target)
        self._limits.count_answer(found)
        return self._is_near(found, mechanism)

    def _is_mail_host_of(self, target: str, mechanism: Mechanism) -> Steps[bool]:
        hosts = yield Question("mx", target)
        self._limits.count_answer(hosts)
        if len(hosts) > MOST_NAMES:
            raise PermError(f"{target} has more than {MOST_NAMES} MX records")
        for host in hosts:
            if is_askable(host) and self._is_near((yield self._address_question(host)), mechanism):
                return True
        return False

    def _exists(self, target: str, _mechanism: Mechanism) -> Steps[bool]:
        found = yield Question("a", target)  # of IPv6 clients too (section 5.7)
        self._limits.count_answer(found)
        return bool(found)

    def _is_name_of_client(self, target: str, _mechanism: Mechanism) -> Steps[bool]:
        self._limits.count_answer((yield from self._names.asked()))
        return (yield from self._names.has_one_below(target))

    def _address_question(self, name: str) -> Question:
        return Question("a" if self._client.version == 4 else "aaaa", name)

    def _is_near(self, found: tuple[str, ...], mechanism: Mechanism) -> bool:
        length = mechanism.length4 if self._client.version == 4 else mechanism.length6
        return any(are_near(self._client, address, length) for address in found)

    def _target(self, spec: MacroString, domain: str) -> Steps[str]:
        """The name that a domain-spec stands for at this domain."""
        if spec.is_literal:
            return cut(spec.expand({})).lower()
        sender, client = self._request.sender, self._client
        local_part, _, sender_domain = sender.rpartition("@")
        values = {
            "s": sender,
            "l": local_part,
            "o": sender_domain,
            "d": domain,
            "i": str(client) if client.version == 4 else ".".join(f"{int(client):032x}"),
            "h": self._request.helo,
            "v": "in-addr" if client.version == 4 else "ip6",
            "p": (yield from self._names.best_for(domain)) if spec.uses("p") else "",
        }
        return cut(spec.expand(values)).lower()


_CHECKS: Final[dict[str, Callable[[_Evaluation, str, Mechanism], Steps[bool]]]] = {
    "include": _Evaluation._includes,
    "a": _Evaluation._is_address_of,
    "mx": _Evaluation._is_mail_host_of,
    "ptr": _Evaluation._is_name_of_client,
    "exists": _Evaluation._exists,
}
"""Mechanisms that ask the DNS, and so count for the limit of terms."""


def _record_at(domain: str) -> Steps[Record | None]:
    if not is_askable(domain):
        return None
    found = [text for text in (yield Question("txt", domain)) if is_record(text)]
    if len(found) > 1:
        raise PermError(f"{len(found)} records at {domain}")
    return parse_record(found[0]) if found else None
