"""The ledger daemon against a PostgreSQL of its own, which these tests may kill."""
