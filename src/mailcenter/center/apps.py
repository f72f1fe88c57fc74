"""Registers the control center with Django."""

from __future__ import annotations

from django.apps import AppConfig


class CenterConfig(AppConfig):
    """Screens and API; the data is the directory's and the ledger's."""

    name = "mailcenter.center"
    label = "center"
