"""Passkeys: the two ceremonies of WebAuthn (W3C, level 3) with the platform as relying party."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from mailcenter.directory.models import User

State = dict[str, Any]
"""What the server must remember between the two halves of a ceremony, in the session."""


class PasskeyError(Exception):
    """The browser's answer does not prove what it should; `str()` is for the log."""


def rp_id() -> str:
    """The name that passkeys are bound to: they work where the center is opened by it."""
    return str(settings.MAILCENTER.host_name)


def begin_adding(user: User, credentials: Sequence[bytes]) -> tuple[dict[str, Any], State]:
    """Options for `navigator.credentials.create()`; a device that has one of `credentials` already is refused."""
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(
            id=f"user-{user.pk}".encode(), name=user.login, display_name=user.display_name or user.login
        ),
        credentials=[AttestedCredentialData(credential) for credential in credentials],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options)["publicKey"], _plain(state)


def finish_adding(state: State, answer: dict[str, Any]) -> bytes:
    """The credential to keep: id and public key.

    Raises:
        PasskeyError: the answer is to another question, or of another site.
    """
    try:
        data = _server().register_complete(state, answer).credential_data
    except _ANY_FLAW as error:
        raise PasskeyError(f"{type(error).__name__}: {error}") from None
    if data is None:
        raise PasskeyError("no credential in the answer")
    return bytes(data)


def begin_proving(credentials: Sequence[bytes]) -> tuple[dict[str, Any], State]:
    """Options for `navigator.credentials.get()` with one of these credentials."""
    options, state = _server().authenticate_begin(
        [AttestedCredentialData(credential) for credential in credentials],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options)["publicKey"], _plain(state)


def finish_proving(state: State, credentials: Sequence[bytes], answer: dict[str, Any]) -> tuple[bytes, int]:
    """Which of the credentials was proved, and its signature counter (0: it keeps none).

    Raises:
        PasskeyError: none was.
    """
    known = [AttestedCredentialData(credential) for credential in credentials]
    try:
        proved = _server().authenticate_complete(state, known, answer)
        counter = AuthenticationResponse.from_dict(answer).response.authenticator_data.counter
    except _ANY_FLAW as error:
        raise PasskeyError(f"{type(error).__name__}: {error}") from None
    return bytes(proved), counter


_ANY_FLAW = (ValueError, TypeError, KeyError, AttributeError, IndexError, NotImplementedError)
"""What the library raises at an answer that is broken: it comes from strangers, and may be anything."""


def _server() -> Fido2Server:
    return Fido2Server(PublicKeyCredentialRpEntity(id=rp_id(), name="Mailcenter"))


def _plain(state: Any) -> State:
    plain: State = json.loads(json.dumps(state))
    return plain
