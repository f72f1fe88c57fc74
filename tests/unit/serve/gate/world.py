"""A world for a session that lies in memory: directory, scanners, spool and clock do what a test says."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from mailcenter.ledger.record import TransactionRecord
from mailcenter.mail.address import Address
from mailcenter.milter.connection import MilterConnection
from mailcenter.milter.events import EndOfMessage, Mail, Rcpt
from mailcenter.milter.responses import Continue, Negotiated, ReplyCode, Response
from mailcenter.policy.bans import Ban
from mailcenter.policy.dns_lists.answers import DnsList
from mailcenter.policy.facts import KnownDomain, KnownRecipient, KnownSender, Limits
from mailcenter.policy.facts_memory import MemoryFacts
from mailcenter.policy.networks import NetworkList
from mailcenter.policy.platform_book import DEFAULT_BOOK
from mailcenter.policy.rulebook import RuleBook
from mailcenter.policy.senders import SenderEntry, word_of
from mailcenter.policy.treatment import AS_PLATFORM, ListWord, Treatment
from mailcenter.serve.gate.client import Clients
from mailcenter.serve.gate.content import Budget
from mailcenter.serve.gate.desk import Desk
from mailcenter.serve.gate.ports import Clock, Findings, Question, UnavailableError
from mailcenter.serve.gate.ports_memory import Merits, Try
from mailcenter.serve.gate.session import Session
from tests.unit.milter.packets import packet
from tests.unit.serve.gate.fake_dns import FakeDns

PAGES = "https://mx.test/r/"
HOST = "mx.demo.example"
START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass
class World:
    """What the fakes answer, and what they were told. A name in `down` is a part that fails."""

    down: set[str] = field(default_factory=set)
    findings: Findings = field(default_factory=lambda: Findings(0.5, milliseconds={"rspamd": 1.0}))
    questions: list[Question] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    records: list[TransactionRecord] = field(default_factory=list)
    ticks: int = 0
    rules: RuleBook = DEFAULT_BOOK
    network_list: NetworkList = field(default_factory=NetworkList)
    treatments: dict[int, Treatment] = field(default_factory=dict)
    """By mailbox."""
    entries: list[SenderEntry] = field(default_factory=list)
    dns: FakeDns = field(default_factory=FakeDns)
    dns_lists: tuple[DnsList, ...] = ()
    offline: bool = True
    """Then a name that is missing in the DNS says nothing."""
    memories: MemoryFacts = field(default_factory=MemoryFacts)
    tries: list[Try] = field(default_factory=list)
    ban: Ban | None = None
    lists: set[str] = field(default_factory=set)
    ended: str = ""
    """The login whose sessions have been ended."""
    most: int = 3
    """Sessions of submission that an account may have."""
    seated: set[tuple[str, str]] = field(default_factory=set)
    observed: list[tuple[TransactionRecord, Merits | None]] = field(default_factory=list)

    # --- directory

    async def domain(self, name: str) -> KnownDomain | None:
        self._fail_if_down("postgres")
        known = {
            "demo.example": KnownDomain(1, 2, True),
            "off.example": KnownDomain(1, 3, False),
            "all.example": KnownDomain(1, 4, True),
        }
        return known.get(name)

    async def recipient(self, address: Address) -> KnownRecipient | None:
        self._fail_if_down("postgres")
        known = {
            "alice@demo.example": KnownRecipient("mailbox", 1, 2, 10, True),
            "bob@demo.example": KnownRecipient("mailbox", 1, 2, 11, True),
            "sales@demo.example": KnownRecipient("alias", 1, 2, None, True),
            "gone@demo.example": KnownRecipient("mailbox", 1, 2, 12, False),
            "abuse@off.example": KnownRecipient("alias", 1, 3, None, True),
            "abuse@all.example": KnownRecipient("alias", 1, 4, None, False),
        }
        catch_all = KnownRecipient("catch-all", 1, 4, None, True) if address.domain == "all.example" else None
        return known.get(address.without_detail.key, catch_all)

    async def sender(self, login: str) -> KnownSender | None:
        self._fail_if_down("postgres")
        if login == "alice@demo.example":
            return KnownSender(1, 2, 10, frozenset({"alice@demo.example"}))
        return None

    # --- policy

    async def book(self) -> RuleBook:
        return self.rules

    async def networks(self) -> NetworkList:
        return self.network_list

    async def treatment(self, recipient: KnownRecipient) -> Treatment:
        self._fail_if_down("postgres")
        return self.treatments.get(recipient.mailbox_id or 0, AS_PLATFORM)

    async def sender_word(self, recipient: KnownRecipient, sender: Address) -> ListWord:
        self._fail_if_down("lists")
        return word_of(self.entries, sender, recipient.domain_id, recipient.mailbox_id)

    # --- memory

    async def at_recipient(self, tried: Try) -> MemoryFacts:
        self._fail_if_down("redis")
        self.tries.append(tried)
        return self.memories

    async def knows_list(self, of: str) -> bool:
        self._fail_if_down("redis")
        return of in self.lists

    # --- bans

    def of(self, client: str) -> Ban | None:
        return self.ban

    # --- ends of sessions

    def is_over(self, login: str, began: float) -> bool:
        return self.ended == login

    # --- sessions of submission

    async def take(self, login: str, session: str) -> bool:
        taken = (login, session) in self.seated or len(self.seated) < self.most
        if taken:
            self.seated.add((login, session))
        return taken

    def give_up(self, login: str, session: str) -> None:
        self.seated.remove((login, session))

    def observe(self, record: TransactionRecord, merits: Merits | None) -> None:
        self.observed.append((record, merits))

    # --- DNS

    async def canary(self) -> None:
        self._fail_if_down("resolver")

    # --- scanners and spool

    async def scan(self, question: Question) -> Findings:
        self.questions.append(question)
        self.contents.append(b"".join(question.content.pieces()))
        await asyncio.sleep(0)
        if "bug" in self.down:
            raise RuntimeError("a mistake of ours")
        self._fail_if_down("rspamd")
        return self.findings

    def write(self, record: TransactionRecord) -> None:
        self._fail_if_down("spool")
        self.records.append(TransactionRecord.from_line(record.to_line()))

    def _fail_if_down(self, part: str) -> None:
        if part in self.down:
            raise UnavailableError(part, "is down")

    # --- clock

    def now(self) -> datetime:
        self.ticks += 1
        return START + timedelta(milliseconds=self.ticks)

    def steady(self) -> float:
        self.ticks += 1
        return self.ticks / 1000

    def desk(self, *, memory: int = 2**20, message_size: int = 100_000, recipients: int = 100) -> Desk:
        return Desk(
            host_name=HOST,
            node="node1",
            pages=PAGES,
            limits=Limits(message_size, recipients),
            directory=self,
            policy=self,
            dns=self.dns,
            clients=Clients(self.dns, self.dns_lists, self.canary, offline=self.offline),
            scanner=self,
            records=self,
            clock=Clock(self.now, self.steady, lambda: 7),
            budget=Budget(memory),
            memory=self,
            bans=self,
            observer=self,
            session_ends=self,
            seats=self,
        )


def macros(command: bytes, **values: str) -> bytes:
    pairs = b"".join(f"{{{name}}}\0{value}\0".encode() for name, value in values.items())
    return packet(b"D", command + pairs)


class Dialogue:
    """Plays Postfix against a session through the codec, and keeps what it is answered."""

    def __init__(self, world: World, desk: Desk | None = None, *, service: str = "mx", login: str = "") -> None:
        self.desk = desk or world.desk()
        self.gone = False
        self._loop = asyncio.new_event_loop()
        weakref.finalize(self, self._loop.close)
        self.session = Session(self.desk, lambda: self.gone)
        self._codec = MilterConnection()
        self._client = {"daemon_name": service, "client_addr": "192.0.2.1", "client_name": "client.test"}
        if login:
            self._client["auth_authen"] = login
        negotiate = packet(b"O", bytes.fromhex("00000006000001ff001fffff"))
        self.send(negotiate)
        self.send(macros(b"H") + packet(b"H", b"helo.test\0"))

    def send(self, data: bytes) -> Sequence[Response]:
        """Feed bytes; the responses to the last event."""
        return self._loop.run_until_complete(self._send(data))

    async def _send(self, data: bytes) -> Sequence[Response]:
        self._codec.receive(data)
        last: Sequence[Response] = ()
        while (event := self._codec.next_event()) is not None:
            if isinstance(event, Mail | Rcpt | EndOfMessage):
                last = await self.session.answer(event)
            else:
                last = self.session.note(event)
            for response in last:
                assert self._codec.send(response)
        assert not self._codec.answer_owed
        return last

    def mail(self, path: str = "<a@b.test>", *parameters: str) -> Sequence[Response]:
        payload = b"".join(part.encode() + b"\0" for part in (path, *parameters))
        return self.send(macros(b"M", **self._client, tls_version="TLSv1.3", cipher="AES") + packet(b"M", payload))

    def rcpt(self, path: str = "<alice@demo.example>", mailer: str = "lmtp") -> Sequence[Response]:
        rcpt = macros(b"R", rcpt_mailer=mailer, rcpt_host="x", rcpt_addr="y")
        return self.send(rcpt + packet(b"R", path.encode() + b"\0"))

    def header(self, name: str, value: str) -> None:
        self.send(packet(b"L", name.encode() + b"\0" + value.encode() + b"\0"))

    def body(self, chunk: bytes) -> Sequence[Response]:
        return self.send(packet(b"B", chunk))

    def end(self) -> Sequence[Response]:
        return self.send(macros(b"E", i="QUEUE1") + packet(b"E"))

    def abort(self) -> None:
        self.send(packet(b"A"))

    def message(self, author: str = "Al <a@b.test>", body: bytes = b"hello\r\n") -> Sequence[Response]:
        """Header, body and end of a short message."""
        self.header("From", f" {author}")
        self.header("Subject", " hello")
        self.header("Message-ID", " <1@b.test>")
        self.send(packet(b"N"))
        self.body(body)
        return self.end()


def reply(responses: Sequence[Response]) -> tuple[int, str]:
    """The one reply among the responses, without the link to its page: 250 for Continue."""
    last = responses[-1]
    if isinstance(last, Continue):
        return 250, ""
    assert isinstance(last, ReplyCode)
    assert len(responses) == 1
    return last.code, last.lines[0].partition(f" {PAGES}")[0]


def negotiated(responses: Sequence[Response]) -> Negotiated:
    (answer,) = responses
    assert isinstance(answer, Negotiated)
    return answer
