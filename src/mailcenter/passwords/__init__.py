"""Passwords as values: how they are hashed, here and elsewhere, how strong they are, and which may be used where."""
