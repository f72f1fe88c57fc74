"""The guard over HTTP: Dovecot's auth policy by TCP on loopback, the center's and operators' by a unix socket."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import parse_qs

from mailcenter.guard.attempt import SERVICES, Attempt, is_whole_address, read_attempt
from mailcenter.guard.judge import Answer
from mailcenter.policy.client_network import own_network
from mailcenter.serve.gate.ports import UnavailableError
from mailcenter.serve.guard.desk import Desk

_LARGEST_QUESTION: Final = 64 * 1024
_LONGEST_LOCKOUT: Final = 366 * 86400
_KEY_HEADER: Final = b"x-api-key"

WHOLE_ADDRESS: Final = "the user name is your whole e-mail address, as in name@example.org"
"""To programs that try parts of an address (`name`, `DOMAIN\\name`): no such login exists, so it is no guess either."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Reply = tuple[int, dict[str, Any]]

log = logging.getLogger("guard")


class BadQuestionError(Exception):
    """The question cannot be answered; `str()` says why."""


class App:
    """An ASGI application. `key` is what Dovecot proves itself with; `page` tells people more about a lockout."""

    def __init__(self, desk: Desk, key: bytes, page: str) -> None:
        self._desk = desk
        self._key = key
        self._page = page
        self._routes: dict[tuple[str, str], Callable[[dict[str, Any]], Awaitable[Reply]]] = {
            ("GET", "/health"): self._health,
            ("GET", "/lockouts"): self._lockouts,
            ("POST", "/before"): self._before,
            ("POST", "/report"): self._report,
            ("POST", "/lock"): self._lock,
            ("POST", "/lift"): self._lift,
        }
        """What is asked over the unix socket."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            status, answer = await self._answer(scope, await _body(receive))
        except BadQuestionError as error:
            status, answer = 400, {"error": str(error)}
        except UnavailableError as error:
            log.error("logins are not guarded: %s", error)
            status, answer = 503, {"error": error.part}
        content = json.dumps(answer).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _answer(self, scope: Scope, body: bytes) -> Reply:
        _address, port = scope.get("server") or ("", None)
        if port is not None:  # by TCP, which everybody on this machine can reach: Dovecot shows its key
            given = dict(scope["headers"]).get(_KEY_HEADER, b"")
            if not hmac.compare_digest(given, self._key):
                return 403, {"error": "the key is missing or wrong"}
            command = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("command", [""])[0]
            return await self._policy(command, _read(body))
        route = self._routes.get((scope["method"], scope["path"]))
        return await route(_read(body)) if route else (404, {"error": "no such question"})

    async def _policy(self, command: str, said: dict[str, Any]) -> Reply:
        """Dovecot's auth policy: `status` 0 goes on, above it waits so many seconds, -1 refuses with `msg`."""
        attempt = read_attempt(*(said.get(name) for name in ("protocol", "remote", "login", "pwhash", "client_id")))
        if attempt is None:
            return 200, {"status": 0, "msg": ""}
        if command == "report":
            if said.get("policy_reject"):
                self._desk.refused(attempt)
            elif said.get("refused"):
                self._desk.right_but_refused(attempt)
            else:
                await self._desk.report(attempt, success=bool(said.get("success")))
            return 200, {"status": 0, "msg": ""}
        if not is_whole_address(str(said.get("login"))):
            return 200, {"status": -1, "msg": WHOLE_ADDRESS}
        answer = await self._desk.before(attempt)
        status = {"allow": 0, "wait": answer.seconds, "refuse": -1}[answer.action]
        return 200, {"status": status, "msg": self._words(answer, attempt) if status < 0 else ""}

    def _words(self, answer: Answer, attempt: Attempt) -> str:
        minutes = max(1, -(-answer.seconds // 60))
        if answer.why == "network":
            cause = f"too many wrong passwords from {attempt.network}: locked for {minutes} more minutes"
        else:
            cause = "this account is under attack; log in from a network where you did before"
        return f"{cause}, see {self._page}"

    async def _health(self, _said: dict[str, Any]) -> Reply:
        return 200, {"lockouts": len(await self._desk.memory.lockouts()), "history": self._desk.history.error}

    async def _lockouts(self, _said: dict[str, Any]) -> Reply:
        return 200, {"lockouts": [asdict(lockout) for lockout in await self._desk.memory.lockouts()]}

    async def _before(self, said: dict[str, Any]) -> Reply:
        attempt = _attempt(said)
        answer = await self._desk.before(attempt)
        if answer.action == "refuse":
            self._desk.refused(attempt)
        return 200, asdict(answer)

    async def _report(self, said: dict[str, Any]) -> Reply:
        await self._desk.report(_attempt(said), success=said.get("success") is True)
        return 200, {}

    async def _lock(self, said: dict[str, Any]) -> Reply:
        seconds = said.get("seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 1 <= seconds <= _LONGEST_LOCKOUT:
            raise BadQuestionError(f"seconds: a number from 1 to {_LONGEST_LOCKOUT}")
        await self._desk.lock(*_place(said), seconds)
        return 200, {}

    async def _lift(self, said: dict[str, Any]) -> Reply:
        return 200, {"lifted": await self._desk.lift(*_place(said), forgive=said.get("forgive") is True)}


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > _LARGEST_QUESTION:
            raise BadQuestionError("the question is too long")
        if not message.get("more_body"):
            return bytes(body)


def _read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise BadQuestionError("the question is no JSON") from None
    if not isinstance(said, dict):
        raise BadQuestionError("the question is no object")
    return said


def _attempt(said: dict[str, Any]) -> Attempt:
    attempt = read_attempt(said.get("service"), said.get("address"), said.get("login"), said.get("guess"))
    if attempt is None:
        raise BadQuestionError("service or address: none that is known")
    return attempt


def _place(said: dict[str, Any]) -> tuple[str, str]:
    service, network = said.get("service"), said.get("network")
    if service not in SERVICES:
        raise BadQuestionError(f"service: one of {', '.join(SERVICES)}")
    try:
        return str(service), own_network(str(network).removesuffix("/64").removesuffix("/32"))
    except ValueError:
        raise BadQuestionError("network: an address, or an IPv6 /64") from None
