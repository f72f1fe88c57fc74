"""A name server that answers one question, whatever it is, or answers it wrongly; and one with records."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

Change = Callable[[bytes], bytes]


def answers_once(code: dns.rcode.Rcode, records: int = 0, *, change: Change = bytes) -> int:
    """Its port on loopback. `records`: how many stand in the answer, `change`: what is done to the answer's bytes."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))

    def serve() -> None:
        with server:
            asked, client = server.recvfrom(512)
            server.sendto(change(_answer(asked, code, records)), client)

    Thread(target=serve, daemon=True).start()
    port: int = server.getsockname()[1]
    return port


def _answer(asked: bytes, code: dns.rcode.Rcode, records: int) -> bytes:
    question = dns.message.from_wire(asked)
    answer = dns.message.make_response(question)
    answer.flags |= dns.flags.RA
    answer.set_rcode(code)
    name, kind = question.question[0].name, question.question[0].rdtype
    if records:
        data = [f"192.0.2.{number}" if kind.name == "A" else f"ns{number}.example." for number in range(records)]
        answer.answer.append(dns.rrset.from_text(name, 60, "IN", kind, *data))
    return answer.to_wire()


@dataclass(frozen=True)
class Served:
    """A server's port on loopback, and the names that it was asked for."""

    port: int
    asked: list[str] = field(default_factory=list)


@contextmanager
def serves(zone: Mapping[tuple[str, str], list[str]]) -> Iterator[Served]:
    """Answer from `zone`, (owner, kind) to data, over UDP as long as the block runs.

    A name without any records does not exist, and what is below `silent.` gets SERVFAIL.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        served = Served(server.getsockname()[1])

        def serve() -> None:
            while True:
                asked, client = server.recvfrom(512)
                if not asked:
                    return
                question = dns.message.from_wire(asked)
                served.asked.append(question.question[0].name.to_text(omit_final_dot=True))
                server.sendto(_from_zone(question, zone).to_wire(), client)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield served
        finally:
            server.sendto(b"", server.getsockname())
            thread.join(20)


def _from_zone(question: dns.message.Message, zone: Mapping[tuple[str, str], list[str]]) -> dns.message.Message:
    answer = dns.message.make_response(question)
    answer.flags |= dns.flags.RA
    asked = question.question[0]
    owner = asked.name.to_text(omit_final_dot=True).lower()
    if owner.endswith("silent"):
        answer.set_rcode(dns.rcode.SERVFAIL)
    elif all(name != owner for name, _ in zone):
        answer.set_rcode(dns.rcode.NXDOMAIN)
    for kind in {"CNAME", asked.rdtype.name}:
        for data in zone.get((owner, kind), []):
            answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, data))
            if kind == "CNAME" != asked.rdtype.name:
                target = data.removesuffix(".")
                for further in zone.get((target, asked.rdtype.name), []):
                    answer.answer.append(dns.rrset.from_text(data, 60, "IN", asked.rdtype, further))
    return answer
