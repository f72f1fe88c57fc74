"""Certificates as values: made, and judged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from mailcenter.certificates.inspect import holds
from mailcenter.certificates.issue import Authority

NAME = "autoconfig.example.org"
NOW = datetime.now(UTC)


def issued(*names: str, days: int = 90) -> bytes:
    key, chain = Authority.make("test").issue(
        names[0], [x509.DNSName(name) for name in names], [ExtendedKeyUsageOID.SERVER_AUTH], life=timedelta(days=days)
    )
    return (key + chain).encode()


def test_an_authority_read_again_signs_as_the_same() -> None:
    made = Authority.make("test")
    again = Authority.read(made.certificate_pem.encode(), made.key_pem.encode())
    _, chain = again.issue(NAME, [x509.DNSName(NAME)], [ExtendedKeyUsageOID.SERVER_AUTH])
    server, above = x509.load_pem_x509_certificates(chain.encode())
    server.verify_directly_issued_by(made.certificate)
    assert above == made.certificate


@pytest.mark.parametrize("name", [NAME, "*.example.org"])
def test_one_that_may_serve(name: str) -> None:
    found, fault = holds(issued(name), NAME, NOW)
    assert found is not None
    assert fault == ""


@pytest.mark.parametrize(
    ("pem", "words"),
    [
        (b"no PEM", "no certificate"),
        (issued(NAME)[200:], "no certificate"),
        (issued("autoconfig.example.net"), "it is for autoconfig.example.net"),
        (issued("*.org"), "it is for *.org"),
        (issued(NAME, days=0), "it is valid from"),
        (issued(NAME).partition(b"-----BEGIN CERTIFICATE")[0] + issued(NAME), "the key is of another certificate"),
    ],
    ids=["no PEM", "no key", "another name", "a wildcard too high", "over", "another key"],
)
def test_one_that_may_not(pem: bytes, words: str) -> None:
    found, fault = holds(pem, NAME, NOW + timedelta(seconds=1))
    assert found is None
    assert words in fault
