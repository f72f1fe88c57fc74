"""Our own signature file: the EICAR test file, so that a scanner without downloaded signatures still has something.

The extended signature format is `Name:TargetType:Offset:HexSignature` (ClamAV documentation, "Body-based signatures").
"""

from __future__ import annotations

EICAR_NAME = "Mailcenter.Test.EICAR"
"""clamd reports it with `.UNOFFICIAL` behind, as it does for every signature that is not its makers'."""

_ANY_TYPE = 0
_ANYWHERE = "0"


def eicar() -> bytes:
    """The 68 bytes of the EICAR anti-malware test file (eicar.org), put together so that no scanner flags this file."""
    return b"X5O!P%@AP[4" + b"\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$" + b"H+H*"


def local_signatures() -> str:
    """The content of the `.ndb` file."""
    return f"{EICAR_NAME}:{_ANY_TYPE}:{_ANYWHERE}:{eicar().hex()}\n"
