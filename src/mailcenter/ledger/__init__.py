"""The ledger: what became of every SMTP transaction; its tables, the lines it is read from, its stories, its audit."""
