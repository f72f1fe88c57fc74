"""Hashes of other systems: each kind is taken over and compared; what is damaged or too dear is refused."""

from __future__ import annotations

import subprocess
from base64 import b64encode
from hashlib import pbkdf2_hmac, sha1

import pytest

from mailcenter.passwords.imported import UnknownHashError, read_hash
from mailcenter.passwords.verify import password_matches

PASSWORD = "grüner Walfisch 7"


def doveadm(scheme: str) -> str:
    made = subprocess.run(
        ["doveadm", "pw", "-s", scheme], input=f"{PASSWORD}\n{PASSWORD}\n", capture_output=True, text=True, check=True
    )
    return made.stdout.strip().splitlines()[-1]


@pytest.mark.parametrize(
    "scheme",
    [
        "ARGON2ID",
        "BLF-CRYPT",
        "SHA512-CRYPT",
        "SHA256-CRYPT",
        "MD5-CRYPT",
        "CRYPT",
        "SSHA",
        "SSHA256",
        "SSHA512",
        "PBKDF2",
    ],
)
def test_what_dovecot_makes_is_taken_over(scheme: str) -> None:
    text = doveadm(scheme)
    kind, stored = read_hash(f"{text}\r\n")
    assert kind == "hash"
    assert len(stored) <= 255
    assert password_matches(PASSWORD, stored)
    assert not password_matches(f"{PASSWORD} ", stored)
    assert not password_matches("", stored)
    assert PASSWORD not in stored


@pytest.mark.parametrize("scheme", ["BLF-CRYPT", "SHA512-CRYPT", "MD5-CRYPT", "ARGON2ID"])
def test_a_hash_in_its_makers_notation_needs_no_scheme(scheme: str) -> None:
    text = doveadm(scheme).partition("}")[2]
    assert password_matches(PASSWORD, read_hash(text)[1])


def test_pbkdf2_of_django_and_of_passlib() -> None:
    digest = pbkdf2_hmac("sha256", PASSWORD.encode(), b"saltsalt", 1000)
    django = f"pbkdf2_sha256$1000$saltsalt${b64encode(digest).decode()}"
    adapted = b64encode(digest).decode().rstrip("=").replace("+", ".")
    passlib = f"$pbkdf2-sha256$1000${b64encode(b'saltsalt').decode().rstrip('=')}${adapted}"
    for text in (django, passlib, f"{{PBKDF2}}{django}"):
        stored = read_hash(text)[1]
        assert password_matches(PASSWORD, stored)
        assert not password_matches("another", stored)


def test_long_rounds_still_fit_into_the_column() -> None:
    text = f"$6$rounds=1000000${'s' * 16}${'h' * 86}"
    assert len(read_hash(text)[1]) <= 255


@pytest.mark.parametrize("scheme", ["PLAIN", "CLEARTEXT", "plain"])
def test_a_password_in_the_clear_must_be_marked(scheme: str) -> None:
    assert read_hash(f"{{{scheme}}}{PASSWORD}\n") == ("plain", PASSWORD)
    with pytest.raises(UnknownHashError) as refusal:
        read_hash(PASSWORD)
    assert PASSWORD not in str(refusal.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{PLAIN}",
        "{CRAM-MD5}0123456789abcdef",
        "{SHA}" + b64encode(sha1(b"x", usedforsecurity=False).digest()).decode(),
        "{SSHA}" + b64encode(sha1(b"x", usedforsecurity=False).digest()).decode(),
        "{SSHA}not base64!",
        "{SSHA512}" + b64encode(b"short").decode(),
        "{BLF-CRYPT}$2y$31$" + "a" * 53,
        "{BLF-CRYPT}$2y$03$" + "a" * 53,
        "{BLF-CRYPT}$2y$10$" + "a" * 52,
        "{SHA512-CRYPT}$6$rounds=9999999$salt$" + "a" * 86,
        "{SHA512-CRYPT}$6$sa:lt$" + "a" * 86,
        "{MD5-CRYPT}$1$salt$short",
        "{PBKDF2}$1$salt$9999999$" + "0" * 40,
        "{PBKDF2}$1$salt$0$" + "0" * 40,
        "pbkdf2_md5$1000$salt$" + "a" * 28,
        "$argon2id$v=19$m=1048576,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g",
        "$argon2id$v=19$m=65536,t=99,p=1$c2FsdHNhbHQ$aGFzaGhhc2g",
        "$argon2i$v=19$m=65536,t=3,p=1$c2FsdHNhbHQ$aGFzaGhhc2g",
        "$2y$10$" + "ä" * 53,
        "x" * 5000,
    ],
)
def test_what_is_damaged_unknown_or_too_dear_is_refused(text: str) -> None:
    with pytest.raises(UnknownHashError):
        read_hash(text)


@pytest.mark.parametrize(
    "stored", ["", "!", "!unusable", "imported$", "imported$crypt$", "imported$crypt$*0", "imported$none$x", "argon2$x"]
)
def test_what_stands_for_no_password_matches_nothing(stored: str) -> None:
    for password in ("", "x", stored):
        assert not password_matches(password, stored)


def test_a_zero_byte_ends_no_password() -> None:
    stored = read_hash(doveadm("SHA512-CRYPT"))[1]
    assert not password_matches(f"{PASSWORD}\0more", stored)
