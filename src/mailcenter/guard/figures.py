"""The figures that attempts are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from mailcenter.settings.model import Settings


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds and counts; `docs/settings.md` tells what each means."""

    guesses: int = 10
    window: float = 600.0
    lockout: float = 600.0
    longest_lockout: float = 86400.0
    patience: int = 3
    slow_guesses: int = 30
    slow_window: float = 86400.0
    account_guesses: int = 50
    account_window: float = 3600.0
    known_for: float = 60 * 86400.0
    never: tuple[IPv4Network | IPv6Network, ...] = ()


def figures_of(settings: Settings) -> Figures:
    """The figures that this platform's configuration sets."""
    guard = settings.guard
    return Figures(
        guesses=guard.guesses,
        window=guard.window,
        lockout=guard.lockout,
        longest_lockout=guard.longest_lockout,
        patience=guard.patience,
        slow_guesses=guard.slow_guesses,
        slow_window=guard.slow_window,
        account_guesses=guard.account_guesses,
        account_window=guard.account_window,
        known_for=guard.known_days * 86400.0,
        never=tuple(guard.never_lock),
    )
