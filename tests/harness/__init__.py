"""What the tests share: a platform of their own, named waits, a remote mail server."""
