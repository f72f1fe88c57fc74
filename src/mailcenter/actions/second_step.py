"""The second step of a sign-in: does a code or a passkey prove the user? What was used once does not count again."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from mailcenter.actions.second_factors import TOTP_PURPOSE, recovery_digest
from mailcenter.directory.models import FactorKind, RecoveryCode, SecondFactor, User
from mailcenter.directory.passkeys import PasskeyError, State, finish_proving
from mailcenter.directory.sealing import SealError, unseal
from mailcenter.directory.totp import DIGITS, matching_step

WRONG_CODES: Final = 20
WRONG_WITHIN: Final = timedelta(hours=1)
"""Whoever guesses knows the password. Three of a million codes are right at a time, so he would need a year."""

log = logging.getLogger("center")


def has_second_factor(user: User) -> bool:
    """Whether the password alone does not open the center."""
    return user.second_factors.exists()


def prove_code(user: User, code: str) -> bool:
    """Whether it is the present code of his app or one of his recovery codes, which is used up by this."""
    typed = "".join(sign for sign in code if sign.isalnum())
    if len(typed) == DIGITS and typed.isdigit():
        return _prove_totp(user, typed)
    gone, _each = RecoveryCode.objects.filter(user=user, digest=recovery_digest(code)).delete()
    return gone > 0


@transaction.atomic
def _prove_totp(user: User, code: str) -> bool:
    factor = SecondFactor.objects.select_for_update().filter(user=user, kind=FactorKind.TOTP).first()
    if factor is None:
        return False
    now = timezone.now()
    if factor.wrong_since is None or now - factor.wrong_since > WRONG_WITHIN:
        factor.wrong_since, factor.wrong_codes = now, 0
    try:
        secret = unseal(factor.secret, TOTP_PURPOSE)
    except SealError as error:
        log.error("the authenticator app of %s cannot be checked: %s", user.login, error)
        return False
    step = matching_step(secret, code, now, after=factor.counter)
    if step is None or factor.wrong_codes >= WRONG_CODES:
        factor.wrong_codes += 1
        factor.save(update_fields=["wrong_codes", "wrong_since"])
        return False
    factor.counter, factor.last_used_at, factor.wrong_codes, factor.wrong_since = step, now, 0, None
    factor.save(update_fields=["counter", "last_used_at", "wrong_codes", "wrong_since"])
    return True


@transaction.atomic
def prove_passkey(user: User, state: State, answer: dict[str, Any]) -> bool:
    """Whether the browser's answer proves one of his passkeys."""
    rows = list(SecondFactor.objects.select_for_update().filter(user=user, kind=FactorKind.PASSKEY))
    try:
        proved, counter = finish_proving(state, [bytes(row.credential) for row in rows], answer)
    except PasskeyError as error:
        log.warning("a passkey of %s was not accepted: %s", user.login, error)
        return False
    factor = next(row for row in rows if bytes(row.credential) == proved)
    if counter and counter <= factor.counter:
        log.warning("a passkey of %s has counted backwards: it may have been copied", user.login)
        return False
    factor.counter, factor.last_used_at = counter, timezone.now()
    factor.save(update_fields=["counter", "last_used_at"])
    return True
