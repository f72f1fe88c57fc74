"""Secrets that must be read again are kept sealed, with a key made from the center's own, outside the database."""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SealError(Exception):
    """It was sealed with another key, or somebody changed it."""


def seal(secret: str, purpose: str) -> str:
    """The secret, to be kept in the database."""
    return Fernet(base64.urlsafe_b64encode(_key(purpose, settings.SECRET_KEY))).encrypt(secret.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """The secret again.

    Raises:
        SealError: it cannot be read.
    """
    try:
        return Fernet(base64.urlsafe_b64encode(_key(purpose, settings.SECRET_KEY))).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealError("sealed with another key") from None


def keyed_digest(value: str, purpose: str) -> str:
    """What is kept of a secret that is too short for a plain hash: without the key it cannot be guessed."""
    return hmac.new(_key(purpose, settings.SECRET_KEY), value.encode(), hashlib.sha256).hexdigest()


@cache
def _key(purpose: str, secret_key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"mailcenter {purpose}".encode()).derive(
        secret_key.encode()
    )
