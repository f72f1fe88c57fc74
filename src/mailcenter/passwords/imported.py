"""Hashes made elsewhere, in the notation of Dovecot's `{SCHEME}` or of their makers: read, bounded, stored, compared.

They are stored as `imported$KIND$HASH`, where KIND is a key of `_KINDS`, and give way to Argon2id at the next login.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import re
from base64 import b64decode
from collections.abc import Callable
from typing import Final

from mailcenter.passwords.crypt import crypt_matches

START: Final = "imported"
LONGEST: Final = 230
"""Characters of a hash; the longest in use has 130."""
SCHEMES: Final = "ARGON2ID, BLF-CRYPT, SHA512-CRYPT, SHA256-CRYPT, MD5-CRYPT, SSHA, SSHA256, SSHA512, PBKDF2, PLAIN"
_HIGHEST_BCRYPT: Final = 15
_MOST_ROUNDS: Final = 2_000_000
_MOST_ARGON2: Final = (16, 256 * 1024)
"""Passes and KiB: whoever may import hashes must not be able to make logins cost whatever he likes."""

_SALTED: Final = {"ssha": ("sha1", 20), "ssha256": ("sha256", 32), "ssha512": ("sha512", 64)}
_ARGON2ID: Final = re.compile(r"\$argon2id\$v=19\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=[0-9]{1,2}\$[\w+/]+\$[\w+/]+", re.A)
_BCRYPT: Final = re.compile(r"\$2[aby]\$([0-9]{2})\$[./\w]{53}", re.A)
_SHA_CRYPT: Final = re.compile(r"\$[56]\$(?:rounds=([0-9]{4,7})\$)?[^$:\s]{0,16}\$(?:[./\w]{43}|[./\w]{86})", re.A)
_MD5_CRYPT: Final = re.compile(r"\$1\$[^$:\s]{0,8}\$[./\w]{22}", re.A)
_PBKDF2_DOVECOT: Final = re.compile(r"\$1\$([^$\s]{1,64})\$([0-9]{1,7})\$([0-9a-f]{40})")
_PBKDF2_DJANGO: Final = re.compile(r"pbkdf2_(sha1|sha256)\$([0-9]{1,7})\$([^$\s]{1,64})\$([A-Za-z0-9+/=]{28,44})")
_PBKDF2_PASSLIB: Final = re.compile(r"\$pbkdf2-(sha256|sha512)\$([0-9]{1,7})\$([\w./]{1,64})\$([\w./]{40,90})", re.A)


class UnknownHashError(ValueError):
    """The text is no hash that can be taken over; `str()` says why, in English, and never repeats the text."""


def read_hash(text: str) -> tuple[str, str]:
    """What an imported hash is: (`hash`, its stored form), or (`plain`, the password itself), which is to be hashed.

    Raises:
        UnknownHashError: it is of no known kind, damaged, or would cost too much at each login.
    """
    text = text.strip("\r\n")
    scheme, rest = _scheme(text)
    if scheme in ("PLAIN", "CLEARTEXT", "CLEAR"):
        if not rest:
            raise UnknownHashError("the password is empty")
        return "plain", rest
    if len(rest) > LONGEST or not rest.isascii():
        raise UnknownHashError("it is too long, or not ASCII")
    if scheme in ("SSHA", "SSHA256", "SSHA512"):
        return "hash", f"{START}${scheme.lower()}${_salted(rest, scheme.lower())}"
    if scheme not in (
        "",
        "ARGON2ID",
        "BLF-CRYPT",
        "SHA512-CRYPT",
        "SHA256-CRYPT",
        "MD5-CRYPT",
        "CRYPT",
        "MD5",
        "PBKDF2",
    ):
        raise UnknownHashError(f"its scheme is none of {SCHEMES}")
    if scheme == "PBKDF2" or rest.startswith(("pbkdf2_", "$pbkdf2-")):
        return "hash", f"{START}$pbkdf2${_pbkdf2(rest)}"
    if rest.startswith("$argon2id$"):
        return "hash", f"argon2{_argon2id(rest)}"
    return "hash", f"{START}$crypt${_crypt(rest)}"


def imported_matches(password: str, stored: str) -> bool:
    """Whether this is the password of a hash as `read_hash` gave it."""
    start, _, rest = stored.partition("$")
    kind, _, hashed = rest.partition("$")
    compare = _KINDS.get(kind)
    return start == START and compare is not None and compare(password.encode(), hashed, kind)


def _scheme(text: str) -> tuple[str, str]:
    found = re.match(r"\{([A-Za-z0-9-]{1,20})\}", text)
    return (found[1].upper(), text[found.end() :]) if found else ("", text)


def _bounded(rounds: str) -> None:
    if not 1 <= int(rounds) <= _MOST_ROUNDS:
        raise UnknownHashError(f"it has more than {_MOST_ROUNDS} rounds, or none")


def _crypt(text: str) -> str:
    if found := _BCRYPT.fullmatch(text):
        if not 4 <= int(found[1]) <= _HIGHEST_BCRYPT:
            raise UnknownHashError(f"its cost is not between 4 and {_HIGHEST_BCRYPT}")
    elif found := _SHA_CRYPT.fullmatch(text):
        _bounded(found[1] or "5000")
    elif not _MD5_CRYPT.fullmatch(text):
        raise UnknownHashError(f"it is no hash of {SCHEMES}; a password in the clear is marked {{PLAIN}}")
    return text


def _argon2id(text: str) -> str:
    found = _ARGON2ID.fullmatch(text)
    if not found:
        raise UnknownHashError("it is no Argon2id hash")
    if int(found[1]) > _MOST_ARGON2[1] or int(found[2]) > _MOST_ARGON2[0]:
        raise UnknownHashError("its cost is too high")
    return text


def _pbkdf2(text: str) -> str:
    for notation in (_PBKDF2_DOVECOT, _PBKDF2_DJANGO, _PBKDF2_PASSLIB):
        if found := notation.fullmatch(text):
            _bounded(found[2])
            return text
    raise UnknownHashError("it is no PBKDF2 hash of Dovecot, Django or passlib")


def _salted(text: str, kind: str) -> str:
    if len(_decoded(text)) <= _SALTED[kind][1]:
        raise UnknownHashError("its digest or its salt is missing")
    return text


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise UnknownHashError("it is no base64") from None


def _salted_matches(password: bytes, hashed: str, kind: str) -> bool:
    algorithm, length = _SALTED[kind]
    content = _decoded(hashed)
    given = hashlib.new(algorithm, password + content[length:]).digest()
    return hmac.compare_digest(given, content[:length])


def _pbkdf2_matches(password: bytes, hashed: str, _kind: str) -> bool:
    if found := _PBKDF2_DOVECOT.fullmatch(hashed):
        algorithm, salt, rounds, wanted = "sha1", found[1].encode(), found[2], bytes.fromhex(found[3])
    elif found := _PBKDF2_DJANGO.fullmatch(hashed):
        algorithm, salt, rounds, wanted = found[1], found[3].encode(), found[2], _decoded(found[4])
    elif found := _PBKDF2_PASSLIB.fullmatch(hashed):
        salt, wanted = (_decoded(found[part].replace(".", "+")) for part in (3, 4))
        algorithm, rounds = found[1], found[2]
    else:
        return False
    return hmac.compare_digest(hashlib.pbkdf2_hmac(algorithm, password, salt, int(rounds), len(wanted)), wanted)


def _crypt_matches(password: bytes, hashed: str, _kind: str) -> bool:
    return crypt_matches(password, hashed)


_KINDS: Final[dict[str, Callable[[bytes, str, str], bool]]] = {
    "crypt": _crypt_matches,
    "pbkdf2": _pbkdf2_matches,
    **dict.fromkeys(_SALTED, _salted_matches),
}
