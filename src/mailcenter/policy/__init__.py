"""What is decided about a mail, as plain functions from facts to replies: no clock, no network, no database.

`table.py` is the way in: the rules of each stage in their order. `replies.py` holds every word we say to a sender.
"""
