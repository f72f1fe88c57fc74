"""The header is no larger than any honest one."""

from __future__ import annotations

from mailcenter.mail.reply import Reply
from mailcenter.policy.facts import MessageFacts
from mailcenter.policy.replies import TOO_COMPLEX
from mailcenter.policy.rule import Rule


def check(facts: MessageFacts) -> Reply | None:
    limits = facts.mail.session.limits
    if facts.header_fields > limits.header_fields:
        return TOO_COMPLEX.fill(fault=f"{facts.header_fields} header fields, at most {limits.header_fields}")
    if facts.header_size > limits.header_size:
        return TOO_COMPLEX.fill(fault=f"a header of {facts.header_size} bytes, at most {limits.header_size}")
    return None


RULE = Rule("message-header", "The header is not excessive", "RFC 3463 section 3.7 (X.6.0)", check)
