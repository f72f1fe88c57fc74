"""Entry point of the `mailcenter` command."""

from __future__ import annotations

from mailcenter.cli.main import app

if __name__ == "__main__":
    app(prog_name="mailcenter")
