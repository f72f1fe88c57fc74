"""The stock way, throw-away: Postfix with Rspamd's milter, Redis, Dovecot LMTP with maildir, packaged defaults."""

from bench.stock.stack import StockStack

__all__ = ["StockStack"]
