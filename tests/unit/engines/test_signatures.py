"""The EICAR test signature."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mailcenter.engines.clamd import signatures

_KNOWN = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"  # eicar.com, SHA-256


def test_it_is_the_test_file() -> None:
    assert hashlib.sha256(signatures.eicar()).hexdigest() == _KNOWN


def test_no_scanner_finds_it_in_our_source() -> None:
    assert signatures.eicar() not in Path(signatures.__file__).read_bytes()


def test_the_signature_has_four_fields() -> None:
    name, kind, offset, body = signatures.local_signatures().strip().split(":")
    assert (name, kind, offset) == (signatures.EICAR_NAME, "0", "0")
    assert bytes.fromhex(body) == signatures.eicar()
