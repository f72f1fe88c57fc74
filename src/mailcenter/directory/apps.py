"""Registers the directory with Django."""

from __future__ import annotations

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Organisations, users, domains, mailboxes, aliases: the system of record."""

    name = "mailcenter.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"
