"""What all sessions of a worker share."""

from __future__ import annotations

from dataclasses import dataclass

from mailcenter.policy.facts import Limits
from mailcenter.serve.gate.client import Clients
from mailcenter.serve.gate.content import Budget
from mailcenter.serve.gate.ports import Clock, Directory, Dns, Policy, Records, Scanner, Seats, SessionEnds
from mailcenter.serve.gate.ports_memory import Bans, Memory, Observer


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts that a session asks, and the figures it obeys."""

    host_name: str
    node: str
    pages: str
    """What the address of a refusal's page begins with; the reference follows."""
    limits: Limits
    directory: Directory
    policy: Policy
    dns: Dns
    clients: Clients
    scanner: Scanner
    records: Records
    clock: Clock
    budget: Budget
    memory: Memory
    bans: Bans
    observer: Observer
    session_ends: SessionEnds
    seats: Seats
