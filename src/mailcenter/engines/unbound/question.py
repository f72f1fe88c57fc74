"""Ask a name server one question, without the system's resolver in between."""

from __future__ import annotations

import dns.exception
import dns.message
import dns.query
from dns.rcode import Rcode
from dns.rdatatype import RdataType


class QuestionError(Exception):
    """No usable answer came."""


def ask(address: str, port: int, name: str, kind: RdataType, *, seconds: float = 2.5) -> tuple[Rcode, int]:
    """Ask over UDP.

    Args:
        name: with or without the last dot; "" is the root.

    Returns:
        the response code and the number of records in the answer section.

    Raises:
        QuestionError: no answer in time, or none to this question.
    """
    try:
        answer = dns.query.udp(
            dns.message.make_query(f"{name.removesuffix('.')}.", kind), address, timeout=seconds, port=port
        )
    except (OSError, dns.exception.DNSException) as error:
        raise QuestionError(str(error) or type(error).__name__) from None
    return answer.rcode(), sum(map(len, answer.answer))
