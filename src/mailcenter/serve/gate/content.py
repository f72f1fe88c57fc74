"""A message's content in memory, under the budget of the whole worker."""

from __future__ import annotations

from mailcenter.mail.header import Header


class Budget:
    """Bytes of message content that a worker may hold at once."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.used = 0

    def take(self, size: int) -> bool:
        """Claim bytes; False, and nothing is claimed, where they are not left."""
        if self.used + size > self._size:
            return False
        self.used += size
        return True

    def give_back(self, size: int) -> None:
        self.used -= size


class Content:
    """The header fields and the body as they come; `pieces` is the whole message as it was on the wire."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._head = b""
        self._body: list[bytes] = []
        self.fields = Header()
        self.header_size = 0
        self.body_size = 0
        self.over_budget = False

    @property
    def size(self) -> int:
        """Bytes of the message with the empty line between header and body."""
        return self.header_size + 2 + self.body_size

    def add_field(self, name: bytes, value: bytes) -> None:
        """A header field, its lines separated by LF."""
        size = len(name) + 1 + len(value) + value.count(b"\n") + 2
        if self._claim(size):
            self._head = b""
            self.header_size += size
            self.fields.add(name, value)

    def add_body(self, chunk: bytes) -> None:
        """A part of the body, its lines ended by CRLF."""
        if chunk and self._claim(len(chunk)):
            self.body_size += len(chunk)
            self._body.append(chunk)

    def _claim(self, size: int) -> bool:
        if not self.over_budget and not self._budget.take(size):
            self.over_budget = True
        return not self.over_budget

    def pieces(self) -> list[bytes]:
        """The message in parts, lines ended by CRLF. Fields keep the white space they had after the colon."""
        if not self._head:
            lines = [name + b":" + value.replace(b"\n", b"\r\n") + b"\r\n" for name, value in self.fields]
            self._head = b"".join(lines) + b"\r\n"
        return [self._head, *self._body]

    def release(self) -> None:
        """Give the memory back; the content is gone then."""
        self._budget.give_back(self.header_size + self.body_size)
        self.fields, self._head, self._body, self.header_size, self.body_size = Header(), b"", [], 0, 0
