"""Harnesses for coverage-guided fuzzing with atheris, run by `make fuzz` and not by `make test`."""

NAMES = (
    "codec",
    "message",
    "header",
    "authentication-results",
    "dmarc-record",
    "dmarc-author",
    "arc-structure",
    "spf",
    "arc",
)
