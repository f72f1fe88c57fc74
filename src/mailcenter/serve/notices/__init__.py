"""The notices daemon: tells recipients which mail was refused for what it held, at most once a day for each sender.

It also sends the answers to reports of wrong refusals (`answers.py`, `compose_answer.py`).

`store.py` is its side of the database, `targets.py` finds who reads an address, `compose.py` writes the mail,
`outbox.py` hands it to Postfix, `daemon.py` is the loop.
"""
