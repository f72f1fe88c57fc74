"""Registers the ledger with Django."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The record of every SMTP transaction, read-only for everything that runs Django."""

    name = "mailcenter.ledger"
    label = "ledger"
