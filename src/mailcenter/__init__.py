"""Mailcenter: a complete e-mail hosting platform for providers."""

__version__ = "0.1.0"
