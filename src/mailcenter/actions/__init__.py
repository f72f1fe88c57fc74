"""Every write, one function per deed: checked, atomic, audited; the doors to them are web, API and command line."""

from __future__ import annotations

from mailcenter.actions.base import UNSET, ActionError, Actor, NotAllowedError, NotFoundError, Unset

__all__ = ["UNSET", "ActionError", "Actor", "NotAllowedError", "NotFoundError", "Unset"]
