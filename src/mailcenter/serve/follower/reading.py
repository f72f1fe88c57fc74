"""One round of reading: the spool and both logs, in the order that lets nothing be joined too early.

Postfix's lines are read first and looked at last: whatever they are about was in the spool and in Dovecot's log before,
so it has been seen by then. An unknown queue id is thus one that the gate never met.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, datetime

from mailcenter.ledger.events import MessageId, TurnedAway
from mailcenter.ledger.parse_dovecot import DovecotParser
from mailcenter.ledger.parse_postfix import PostfixParser
from mailcenter.serve.follower.mark import Mark
from mailcenter.serve.follower.rows import checked
from mailcenter.serve.follower.spool import Spool, Taken
from mailcenter.serve.follower.store import Batch
from mailcenter.serve.follower.tail import Chunk, Tail

_LOG_BYTES = 256 * 1024
"""Of one log read in one round."""

_MESSAGE_IDS = 10_000


class Reading:
    """The three sources and their parsers."""

    def __init__(self, spool: Spool, postfix: Tail, dovecot: Tail, batch: int) -> None:
        self.spool = spool
        self._postfix = postfix
        self._dovecot = dovecot
        self._limit = batch
        self._parse_postfix = PostfixParser()
        self._parse_dovecot = DovecotParser()
        self._held: Chunk | None = None
        self._awaited: dict[str, int] = {}
        """How far the spool must be read before the lines of `_held` may be looked at."""
        self._kept: dict[str, Mark] = {}
        self.message_ids: OrderedDict[str, str] = OrderedDict()
        """Of the last messages that entered the queue; only mail made here needs it."""

    def restore(self, kept: dict[str, tuple[Mark, float]]) -> None:
        """Go on from the marks in the database."""
        self._held = None
        self._awaited = {}
        for tail in (self._postfix, self._dovecot):
            tail.restore(*kept.get(tail.name, (None, 0.0)))
        logs = (self._postfix.name, self._dovecot.name)
        self.spool.marks = {name: mark for name, (mark, _) in kept.items() if name not in logs}
        self._kept = {name: mark for name, (mark, _) in kept.items()}

    def read(self) -> tuple[Batch, Taken, bool]:
        """The next batch, what of the spool it took, and whether more is there already."""
        now = datetime.now(UTC)
        batch = Batch()
        chunk = self._held or self._postfix.read(_LOG_BYTES)
        filings = self._dovecot.read(_LOG_BYTES)
        taken = self.spool.read(self._limit)
        self._take_records(taken, batch, now)
        batch.filings += filter(None, (self._parse_dovecot.parse(line, now) for line in filings.lines))
        if not taken.drained and not self._awaited:
            self._awaited = self.spool.sizes()
        early = not filings.drained or not (taken.drained or self.spool.reached(self._awaited))
        if not early:
            self._awaited = {}
        self._held = chunk if early else None
        if not early:
            self._take_findings(chunk, batch, now)
        marks: dict[str, Mark | None] = {**self.spool.marks, self._dovecot.name: filings.mark}
        if not early:
            marks[self._postfix.name] = chunk.mark
        batch.marks = {name: mark for name, mark in marks.items() if mark and mark != self._kept.get(name)}
        return batch, taken, early or not chunk.drained or not taken.drained

    def kept(self, batch: Batch, taken: Taken) -> None:
        """The batch is in the database: finished spool files can go."""
        self._kept |= batch.marks
        for name in batch.gone:
            self._kept.pop(name, None)
        for path in taken.finished:
            path.unlink(missing_ok=True)

    def gone(self) -> list[str]:
        """Spool files that were deleted, so that their marks can be forgotten."""
        gone = [name for name in self.spool.marks if name not in self.spool.seen]
        for name in gone:
            del self.spool.marks[name]
        return gone

    def lag(self) -> int:
        """Bytes that are not in the database yet."""
        return self.spool.lag() + self._postfix.lag() + self._dovecot.lag()

    def errors(self) -> list[str]:
        """What went wrong with the logs."""
        return [tail.error for tail in (self._postfix, self._dovecot) if tail.error]

    def _take_records(self, taken: Taken, batch: Batch, now: datetime) -> None:
        for record, (base, line) in zip(taken.records, taken.lines, strict=True):
            try:
                batch.records.append(checked(record, now))
            except ValueError:
                self.spool.set_aside(base, line)

    def _take_findings(self, chunk: Chunk, batch: Batch, now: datetime) -> None:
        for line in chunk.lines:
            for finding in self._parse_postfix.parse(line, now):
                if isinstance(finding, MessageId):
                    self.message_ids[finding.queue_id] = finding.message_id
                elif isinstance(finding, TurnedAway):
                    batch.turned_away[finding.address] += 1
                else:
                    batch.findings.append(finding)
        while len(self.message_ids) > _MESSAGE_IDS:
            self.message_ids.popitem(last=False)
