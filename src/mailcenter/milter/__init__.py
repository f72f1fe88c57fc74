"""The milter protocol, version 6, as Postfix speaks it: bytes to events and responses to bytes, without any I/O.

`connection.py` is the way in: one `MilterConnection` per connection of the MTA. The protocol has no standard; it
is that of Sendmail's libmilter (mfdef.h), checked against Postfix 3.7.
"""
