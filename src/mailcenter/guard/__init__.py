"""Who may try to log in, and who has guessed too often: plain functions from what is remembered to what is done.

Counted are *different* wrong guesses (seed 3): a phone that repeats one stale password has guessed once, a password
that was right before counts not at all, and a network from which the account was used lately has more patience.
"""
