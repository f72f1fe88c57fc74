"""A name server that answers one question, whatever it is, or answers it wrongly."""

from __future__ import annotations

import socket
from collections.abc import Callable
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
