"""Sign generated mails with DKIM (RFC 6376, rsa-sha256, simple canonicalisation), so that both stacks check it.

Also seal them as a forwarder does (ARC, RFC 8617).
"""

from __future__ import annotations

import base64
import hashlib
import re
import time

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SELECTOR = "bench"
_SIGNED = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type")


class Signer:
    """One key for all generated domains."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def record(self) -> str:
        """The key record's text (RFC 6376 section 3.6.1)."""
        public = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"

    def sign(self, content: bytes, domain: str) -> bytes:
        """`content` (canonical, header fields unfolded or folded) with a signature field before it."""
        header, _, body = content.partition(b"\r\n\r\n")
        fields = {field.split(b":", 1)[0].decode(): field for field in header.replace(b"\r\n\t", b"\0").split(b"\r\n")}
        signed = [fields[name].replace(b"\0", b"\r\n\t") for name in _SIGNED]
        digest = base64.b64encode(hashlib.sha256(body.rstrip(b"\r\n") + b"\r\n").digest()).decode()
        field = (
            f"DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; d={domain}; s={SELECTOR};\r\n"
            f"\th={':'.join(_SIGNED)};\r\n\tbh={digest};\r\n\tb="
        ).encode()
        return field + self._signature([*signed, field]) + b"\r\n" + content

    def seal(self, content: bytes, domain: str, results: str) -> bytes:
        """`content` with a first ARC set of `domain`, which saw these authentication `results`."""
        header, _, body = content.partition(b"\r\n\r\n")
        fields = {_relaxed(field).split(b":")[0]: field for field in re.split(rb"\r\n(?![ \t])", header)}
        signed = [_relaxed(fields[name.lower().encode()]) for name in _SIGNED]
        digest = base64.b64encode(hashlib.sha256(body.rstrip(b"\r\n") + b"\r\n").digest()).decode()
        seen = f"ARC-Authentication-Results: i=1; {domain}; {results}".encode()
        tags = f"i=1; a=rsa-sha256; d={domain}; s={SELECTOR}"
        message = f"ARC-Message-Signature: {tags}; c=relaxed/simple; h={':'.join(_SIGNED)}; bh={digest}; b=".encode()
        message += self._signature([*signed, _relaxed(message)])
        seal = f"ARC-Seal: {tags}; cv=none; t={int(time.time())}; b=".encode()
        seal += self._signature([_relaxed(field) for field in (seen, message, seal)])
        return b"\r\n".join([seal, message, seen, content])

    def _signature(self, fields: list[bytes]) -> bytes:
        return base64.b64encode(self._key.sign(b"\r\n".join(fields), padding.PKCS1v15(), SHA256()))


def _relaxed(field: bytes) -> bytes:
    """A header field in relaxed canonicalisation (RFC 6376 section 3.4.2), without its line end."""
    name, _, value = field.partition(b":")
    return name.strip().lower() + b":" + re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip()
