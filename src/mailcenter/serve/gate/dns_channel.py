"""Questions to the resolver over one connected UDP socket, each put twice at the most; by TCP what is too long for UDP.

Without a task, a future or a socket for each: the answer comes by a callback. What nobody waits for yet lies in the
socket until somebody does, so that it wakes nobody.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from typing import Final, TypeVar

from mailcenter.serve.gate import dns_tcp, dns_wire
from mailcenter.serve.gate.dns_wire import Kind, MalformedError, Reply

TRIES: Final = 2
MOST_QUESTIONS: Final = 1000
"""Questions of one socket: then another takes over, with another port, so that nobody can aim at it."""
MOST_UNHEARD: Final = 32
"""Questions whose answers may lie in the socket: its buffer holds more."""
_LONGEST: Final = 4096

Done = Callable[[Reply | str], None]
"""Takes the answer, or why there is none."""
T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Asked:
    question: bytes
    kind: Kind
    done: Done
    tries: int = 0
    timer: asyncio.TimerHandle | None = None


class Channel:
    """`timeout`: seconds for one question with all its tries. Used within one event loop."""

    def __init__(self, address: str, port: int, *, timeout: float) -> None:
        self._place = (address, port)
        self._timeout = timeout
        self._loop = asyncio.get_running_loop()
        self._asked: dict[int, _Asked] = {}
        self._over_tcp: set[asyncio.Task[Reply | str]] = set()
        self._left = MOST_QUESTIONS
        self._waiting = 0
        self.is_listening = False
        """Whether an answer that comes wakes the loop."""
        family = socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        try:
            self._socket.connect(self._place)
        except OSError:
            self._socket.close()
            raise

    @property
    def is_used_up(self) -> bool:
        """Whether another is to take over; this one still waits for its answers, and then closes itself."""
        return self._left <= 0

    def ask(self, name: str, kind: Kind, done: Done) -> None:
        """Put a question; `done` is called once: at once, by `read`, while somebody waits, or when it is late.

        `name` as for `dns_wire.asked`, in lower case.
        """
        self._left -= 1
        self._put(_Asked(dns_wire.asked(name, kind), kind, done))
        self._listen_where_needed()

    async def wait(self, answer: asyncio.Future[T]) -> T:
        """What a question's `done` gives to this future."""
        self._waiting += 1
        self._listen_where_needed()
        try:
            return await answer
        finally:
            self._waiting -= 1
            self._listen_where_needed()

    def read(self) -> None:
        """Take the answers that have come."""
        while self._socket.fileno() >= 0:
            try:
                data = self._socket.recv(_LONGEST)
            except BlockingIOError:
                break
            except OSError as error:
                self._stop_listening()
                for identity in list(self._asked):
                    self._again(identity, str(error))
                break
            self._take(data)
        self._listen_where_needed()

    def close(self) -> None:
        """Give up what is still asked."""
        self._left = 0
        for task in self._over_tcp:
            task.cancel()
        for asked in list(self._asked.values()):
            _end_timer(asked)
            asked.done("given up")
        self._asked.clear()
        self._close_socket()

    def _put(self, asked: _Asked) -> None:
        failure = f"no answer in {self._timeout:g} s"
        while asked.tries < TRIES:
            asked.tries += 1
            identity = secrets.randbits(16)
            while identity in self._asked:
                identity = secrets.randbits(16)
            try:
                self._socket.send(dns_wire.message(identity, asked.question))
            except BlockingIOError:
                pass  # as if it were lost on the way
            except OSError as error:  # also that of the question before: nobody listens
                self._stop_listening()
                failure = str(error)
                continue
            self._asked[identity] = asked
            asked.timer = self._loop.call_later(self._timeout / TRIES, self._late, identity, failure)
            return
        self._finish(asked, failure)

    def _late(self, identity: int, failure: str) -> None:
        self.read()  # the answer may lie there
        if identity in self._asked:
            self._again(identity, failure)
            self._listen_where_needed()

    def _again(self, identity: int, failure: str) -> None:
        """Put a question once more, unless it has been put often enough."""
        asked = self._asked.pop(identity)
        _end_timer(asked)
        if asked.tries < TRIES:
            self._put(asked)
        else:
            self._finish(asked, failure)

    def _take(self, data: bytes) -> None:
        identity = dns_wire.identity_of(data)
        asked = self._asked.get(identity)
        if asked is None:
            return  # too late, or by somebody who guesses
        try:
            reply = dns_wire.read(data, asked.question, asked.kind)
        except MalformedError as error:
            self._again(identity, str(error))
            return
        if reply.code not in dns_wire.CERTAIN:
            self._again(identity, f"the server says {reply.code}")
            return
        del self._asked[identity]
        _end_timer(asked)
        if reply.truncated:
            by_tcp = dns_tcp.answer(self._place, asked.question, asked.kind, seconds=self._timeout)
            task = self._loop.create_task(by_tcp)
            self._over_tcp.add(task)
            task.add_done_callback(partial(self._answered_by_tcp, asked))
        else:
            self._finish(asked, reply)

    def _answered_by_tcp(self, asked: _Asked, task: asyncio.Task[Reply | str]) -> None:
        self._over_tcp.discard(task)
        self._finish(asked, "given up" if task.cancelled() else task.result())

    def _finish(self, asked: _Asked, answer: Reply | str) -> None:
        asked.done(answer)
        if self.is_used_up and not self._asked:
            self._close_socket()

    def _listen_where_needed(self) -> None:
        """Be woken by answers while somebody waits, or where many are on their way, or all that will ever be asked."""
        if not (self._waiting or self.is_used_up or len(self._asked) > MOST_UNHEARD):
            self._stop_listening()
        elif not self.is_listening and self._socket.fileno() >= 0:
            self.is_listening = True
            self._loop.add_reader(self._socket, self.read)

    def _stop_listening(self) -> None:
        """Also after an error of the socket, to listen anew: uvloop hears nothing more of it."""
        if self.is_listening:
            self.is_listening = False
            self._loop.remove_reader(self._socket)

    def _close_socket(self) -> None:
        self._stop_listening()
        self._socket.close()


def _end_timer(asked: _Asked) -> None:
    if asked.timer is not None:
        asked.timer.cancel()
        asked.timer = None
