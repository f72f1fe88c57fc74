"""A signed-in session of the test client, an app that makes codes, and a device that makes passkeys."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pyotp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData, AuthenticatorData, CollectedClientData

from mailcenter.actions.second_factors import add_passkey, add_totp
from mailcenter.directory.models import SecondFactor, User
from mailcenter.directory.totp import new_secret
from tests.database.world import ROOT


class App:
    """An authenticator app that knows a user's secret."""

    def __init__(self, user: User) -> None:
        secret = new_secret()
        self.factor = add_totp(actor=ROOT, user=user, secret=secret)
        self._totp = pyotp.TOTP(secret)

    def code(self) -> str:
        """The present code."""
        return self._totp.now()

    def wrong_code(self, number: int) -> str:
        """A code that is right neither now nor soon; another for each number."""
        near = {self._totp.generate_otp(self._totp.timecode(datetime.now(UTC)) + off) for off in range(-3, 6)}
        return next(code for code in (f"{(number * 7919 + add) % 10**6:06}" for add in range(20)) if code not in near)


class Device:
    """A device with one passkey of a user."""

    def __init__(self, user: User, name: str = "My device") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._id = hashlib.sha256(user.login.encode()).digest()
        public = ES256.from_cryptography_key(self._key.public_key())  # type: ignore[no-untyped-call] # it has none
        credential = AttestedCredentialData.create(b"\0" * 16, self._id, public)
        self.factor: SecondFactor = add_passkey(actor=ROOT, user=user, credential=bytes(credential), name=name)
        self.counter = 0

    def answer(self, options: dict[str, Any], *, origin: str = "") -> str:
        """What the browser sends for these options, as the form takes it."""
        self.counter += 1
        site = settings.MAILCENTER.host_name
        client = CollectedClientData.create(
            type=CollectedClientData.TYPE.GET, challenge=options["challenge"], origin=origin or f"https://{site}"
        )
        data = AuthenticatorData.create(hashlib.sha256(site.encode()).digest(), AuthenticatorData.FLAG.UP, self.counter)
        signature = self._key.sign(bytes(data) + client.hash, ec.ECDSA(hashes.SHA256()))
        return json.dumps(
            {
                "id": websafe_encode(self._id),
                "rawId": websafe_encode(self._id),
                "type": "public-key",
                "response": {
                    "clientDataJSON": websafe_encode(bytes(client)),
                    "authenticatorData": websafe_encode(bytes(data)),
                    "signature": websafe_encode(signature),
                },
                "clientExtensionResults": {},
            }
        )
