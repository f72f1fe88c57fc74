"""The short-lived memory in Redis: how many mails, who came back, whose mail was good. Every key ends by itself."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import blake2b
from typing import Final

from mailcenter.policy.client_network import neighbourhood, own_network
from mailcenter.policy.facts_memory import MemoryFacts
from mailcenter.serve.gate.ports_memory import Try
from mailcenter.serve.gate.redis import Redis, script

_RECIPIENT: Final = script("recipient")
_LOOK: Final = script("recipient_look")
_KNOWN: Final = script("known")


class RedisMemory:
    """Implements `ports_memory.Memory`. `looks_only`: nothing is counted or remembered, but answered as if it were."""

    def __init__(self, redis: Redis, *, looks_only: bool = False) -> None:
        self._redis = redis
        self._script = _LOOK if looks_only else _RECIPIENT

    async def at_recipient(self, tried: Try) -> MemoryFacts:
        sender = tried.mail_from
        name, domain = (sender.key, sender.domain) if sender else ("", "")
        near = neighbourhood(tried.client_address)
        keys = (
            f"g:rate:client:{own_network(tried.client_address)}",
            f"g:rate:sender:{_digest(name)}",
            f"g:rate:recipient:{_digest(tried.rcpt_to.key)}",
            f"g:first:{_digest(near, name, tried.rcpt_to.key)}",
            passed_key(near),
            good_client_key(near),
            good_domain_key(domain),
            wrote_key(tried.domain_id, name),
        )
        arguments = (tried.window, int(tried.first), int(bool(name)), tried.keep)
        client, from_sender, to, waited, passed, client_good, domain_good, wrote = await self._redis.run(
            self._script, keys, arguments
        )
        return MemoryFacts(
            client_mails=client,
            sender_mails=from_sender,
            recipient_mails=to,
            waited=None if waited < 0 else waited / 1000,
            client_passed=bool(passed),
            client_good=client_good,
            domain_good=domain_good,
            wrote=bool(wrote),
        )

    async def knows_list(self, of: str) -> bool:
        return bool(await self._redis.run(_KNOWN, (list_key(of),), ()))


def passed_key(near: str) -> str:
    """For the neighbourhood of a client that came back."""
    return f"g:passed:{near}"


def good_client_key(near: str) -> str:
    """For the mails taken as good from a neighbourhood."""
    return f"g:good:client:{near}"


def good_domain_key(domain: str) -> str:
    """For the mails taken as good from a domain that proved itself."""
    return f"g:good:domain:{domain[:255]}"


def list_key(of: str) -> str:
    """For a mailing list and the domain that proved itself, from `dmarc.evidence.list_memory_key`."""
    return f"g:list:{_digest(of)}"


def wrote_key(domain_id: int | None, address: str) -> str:
    """For an address (as `Address.key`) to which somebody of a domain of ours has written."""
    return f"g:wrote:{_digest(str(domain_id), address)}"


def seats_key(login: str) -> str:
    """For the sessions of submission that an account has."""
    return f"g:seats:{_digest(login.lower())}"


def _digest(*parts: str) -> str:
    """Short, and bounded however long an address is; nobody reads addresses out of Redis either."""
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return urlsafe_b64encode(blake2b(text, digest_size=15).digest()).decode("ascii")
