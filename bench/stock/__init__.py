"""The stock way as a throw-away stack: Postfix with Rspamd's milter, Redis, Dovecot LMTP with maildir, packaged defaults."""

from bench.stock.stack import StockStack

__all__ = ["StockStack"]
