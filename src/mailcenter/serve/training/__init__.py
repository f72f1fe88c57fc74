"""The training daemon: what people move into or out of Junk, it teaches Rspamd's Bayes classifier.

Dovecot's mail processes hand a message over by their protocol for programs (`protocol.py`); it is put into a spool
(`spool.py`) at once, and learned one by one (`learn.py`); `daemon.py` joins them. Nobody who moves a mail ever waits.
"""
