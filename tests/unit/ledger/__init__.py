"""Tests of the parts of the ledger that need no database."""
