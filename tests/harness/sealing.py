"""Seal mails with ARC (RFC 8617) as a forwarder does: one set, relaxed canonicalisation, rsa-sha256."""

from __future__ import annotations

import base64
import hashlib
import re

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SELECTOR = "seal"
_SIGNED = ("From", "To", "Subject", "Date", "Message-ID")


class Sealer:
    """One key of one domain."""

    def __init__(self, domain: str) -> None:
        self.domain = domain
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def record(self) -> str:
        """The key record's text."""
        public = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"

    def seal(self, content: bytes, results: str) -> bytes:
        """`content` (CRLF, no folded fields) with a first ARC set before it; `results`: what was found on arrival."""
        header, _, body = content.partition(b"\r\n\r\n")
        fields = {line.split(b":", 1)[0].decode(): line for line in header.split(b"\r\n")}
        found = f"ARC-Authentication-Results: i=1; {self.domain}; {results}".encode()
        digest = base64.b64encode(hashlib.sha256(_relaxed_body(body)).digest()).decode()
        message = (
            f"ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d={self.domain}; s={SELECTOR}; "
            f"h={':'.join(_SIGNED)}; bh={digest}; b="
        ).encode()
        message += self._sign([*(fields[name] for name in _SIGNED), message])
        seal = f"ARC-Seal: i=1; a=rsa-sha256; cv=none; d={self.domain}; s={SELECTOR}; b=".encode()
        seal += self._sign([found, message, seal])
        return b"\r\n".join([seal, message, found, content])

    def _sign(self, fields: list[bytes]) -> bytes:
        signed = b"\r\n".join(_relaxed(field) for field in fields)
        return base64.b64encode(self._key.sign(signed, padding.PKCS1v15(), SHA256()))


def _relaxed(field: bytes) -> bytes:
    """RFC 6376 section 3.4.2."""
    name, _, value = field.partition(b":")
    return name.strip().lower() + b":" + re.sub(rb"[ \t]+", b" ", value).strip()


def _relaxed_body(body: bytes) -> bytes:
    """RFC 6376 section 3.4.4."""
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    return b"\r\n".join(lines).rstrip(b"\r\n") + b"\r\n"
