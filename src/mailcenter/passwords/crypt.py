"""crypt(3) of libxcrypt, Debian's own: bcrypt, SHA-512, SHA-256 and MD5 in one, and without Python's lock held."""

from __future__ import annotations

import ctypes
import hmac
from functools import cache

_SCRATCH = 32768
"""sizeof(struct crypt_data), see crypt_r(3)."""


def crypt_matches(password: bytes, hashed: str) -> bool:
    """Whether this password gives this hash; a method that the library does not know matches nothing."""
    if b"\0" in password:
        return False
    scratch = ctypes.create_string_buffer(_SCRATCH)
    given = _library().crypt_r(password, hashed.encode("ascii"), scratch)
    if not isinstance(given, bytes) or given.startswith(b"*"):
        return False
    return hmac.compare_digest(given, hashed.encode("ascii"))


@cache
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL("libcrypt.so.1")
    library.crypt_r.argtypes = (ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p)
    library.crypt_r.restype = ctypes.c_char_p
    return library
