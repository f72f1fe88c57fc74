"""Tests: `unit` (pure), `database` (the real PostgreSQL), `daemons` (the whole platform), `browser` (its screens)."""
