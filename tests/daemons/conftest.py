"""Fixtures of the tests that drive the whole platform: its two users, and that it is settled before each file."""

from __future__ import annotations

import smtplib

import pytest

from tests.harness.clients import Account, account, mail, send_from_outside, unique
from tests.harness.platform import Platform
from tests.harness.wait import until

_IN_A_ROW = 3
"""Mails that must be taken one after the other: each worker of the gate, and each process of Postfix, is asked."""


@pytest.fixture(scope="module", autouse=True)
def settled(platform: Platform) -> None:
    """What the tests before did to the platform is over: it is healthy, and takes mail."""
    until(lambda: platform.mailcenter("status", check=False).returncode == 0, "a healthy platform", timeout=120)
    until(lambda: all(_takes_mail(platform) for _ in range(_IN_A_ROW)), "the platform to take mail", timeout=120)


def _takes_mail(platform: Platform) -> bool:
    try:
        send_from_outside(platform, mail(unique("settled")), ["bob@demo.example"])
    except (smtplib.SMTPException, OSError):
        return False
    return True


@pytest.fixture(scope="session")
def alice(platform: Platform) -> Account:
    return account(platform, "alice")


@pytest.fixture(scope="session")
def bob(platform: Platform) -> Account:
    return account(platform, "bob")
