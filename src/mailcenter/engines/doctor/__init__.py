"""The doctor: what is wrong here, and how to mend it. One question per file, asked in the order of the table."""

from __future__ import annotations

from mailcenter.engines.doctor import (
    certificate,
    changed_files,
    configuration,
    customer_names,
    daemons,
    disk,
    kernel,
    names,
    packages,
    ports,
    postmaster,
    reach,
    secrets,
)
from mailcenter.engines.doctor.finding import Finding, Question

QUESTIONS: tuple[tuple[str, Question], ...] = (
    ("packages", packages.check),
    ("reach", reach.check),
    ("disk", disk.check),
    ("kernel", kernel.check),
    ("secrets", secrets.check),
    ("certificate", certificate.check),
    ("certificates of customers' names", customer_names.check),
    ("ports", ports.check),
    ("changed files", changed_files.check),
    ("configuration", configuration.check),
    ("postmaster", postmaster.check),
    ("daemons", daemons.check),
    ("DNS", names.check),
)

__all__ = ["QUESTIONS", "Finding", "Question"]
