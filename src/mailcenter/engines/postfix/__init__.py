"""Postfix 3.7: the SMTP edge, the queue, and delivery to others."""

from __future__ import annotations

from mailcenter.engines.postfix.engine import Postfix

ENGINE = Postfix()
