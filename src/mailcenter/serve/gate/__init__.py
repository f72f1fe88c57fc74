"""The gate: the milter that judges every mail while the sender waits.

`parent.py` binds the socket and keeps the workers, `worker.py` is one of them; `session.py` turns what Postfix says
into questions to the policy and the policy's answers into replies. What it asks (directory, scanners, spool) stands in
`ports.py`, so that a transaction runs in memory as well.
"""
