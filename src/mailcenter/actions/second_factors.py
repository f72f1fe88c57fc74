"""Second factors for the center: added and removed by their owner, reset by those who administer him."""

from __future__ import annotations

import secrets
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from mailcenter.actions import values
from mailcenter.actions.base import ActionError, Actor, NotAllowedError, audit, found
from mailcenter.actions.rights import is_oneself, require_himself, require_rank_over
from mailcenter.directory.models import FactorKind, RecoveryCode, SecondFactor, User
from mailcenter.directory.scope import visible_second_factors, visible_users
from mailcenter.directory.sealing import keyed_digest, seal
from mailcenter.directory.sessions import forget_sessions

TOTP_PURPOSE: Final = "totp"
RECOVERY_PURPOSE: Final = "recovery code"
RECOVERY_CODES: Final = 10
MOST_PASSKEYS: Final = 20
_SIGNS: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 signs, none that looks like another


@transaction.atomic
def add_totp(*, actor: Actor, user: User, secret: str, name: str = "") -> SecondFactor:
    """Keep the secret of one's authenticator app, in place of the one before; the caller saw that the app knows it.

    Raises:
        ActionError: naming the argument at fault.
    """
    user = _oneself(actor, user)
    SecondFactor.objects.filter(user=user, kind=FactorKind.TOTP).delete()
    factor = SecondFactor.objects.create(
        user=user,
        kind=FactorKind.TOTP,
        name=values.text(name, "name", longest=100) or _("Authenticator app"),
        secret=seal(secret, TOTP_PURPOSE),
    )
    audit(actor, "user.add_totp", user, {"name": factor.name})
    return factor


@transaction.atomic
def add_passkey(*, actor: Actor, user: User, credential: bytes, name: str = "") -> SecondFactor:
    """Keep a passkey of one's own, whose ceremony the caller has checked.

    Raises:
        ActionError: naming the argument at fault.
    """
    user = _oneself(actor, user)
    passkeys = SecondFactor.objects.filter(user=user, kind=FactorKind.PASSKEY)
    if passkeys.count() >= MOST_PASSKEYS:
        raise ActionError("name", _("You have %(most)d passkeys; remove one first.") % {"most": MOST_PASSKEYS})
    factor = SecondFactor.objects.create(
        user=user,
        kind=FactorKind.PASSKEY,
        name=values.text(name, "name", longest=100) or _("Passkey"),
        credential=credential,
    )
    audit(actor, "user.add_passkey", user, {"name": factor.name})
    return factor


@transaction.atomic
def make_recovery_codes(*, actor: Actor, user: User) -> list[str]:
    """New codes for oneself, each good for one sign-in; those before end. They are shown this once."""
    user = _oneself(actor, user)
    if not user.second_factors.exists():
        raise ActionError("user", _("Recovery codes need an authenticator app or a passkey first."))
    codes = [
        "-".join("".join(secrets.choice(_SIGNS) for _sign in range(4)) for _part in range(3))
        for _code in range(RECOVERY_CODES)
    ]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=recovery_digest(code)) for code in codes)
    audit(actor, "user.make_recovery_codes", user, {"codes": len(codes)})
    return codes


@transaction.atomic
def remove_second_factor(*, actor: Actor, second_factor: SecondFactor) -> str:
    """Remove an app or a passkey of one's own; with the last one go the recovery codes. A message that says so.

    Raises:
        NotAllowedError: it is the last one, and the role must have one.
    """
    factor = found(visible_second_factors(actor.scope), second_factor, "second_factor")
    user = _oneself(actor, factor.user)
    last = not user.second_factors.exclude(pk=factor.pk).exists()
    if last and actor.user is not None and user.role in settings.MAILCENTER.web.second_factor_roles:
        raise NotAllowedError("second_factor", _("Your role needs a second factor. Add another one before."))
    factor.delete()
    if last:
        RecoveryCode.objects.filter(user=user).delete()
    audit(actor, "user.remove_second_factor", user, {"kind": factor.kind, "name": factor.name})
    return _("%(name)s is removed.") % {"name": factor.name}


@transaction.atomic
def reset_second_factors(*, actor: Actor, user: User) -> str:
    """Take all second factors from somebody who has lost them: the password alone lets him in again.

    Raises:
        NotAllowedError: it is oneself, or somebody of more rights.
    """
    require_himself(actor)
    user = found(visible_users(actor.scope), user, "user")
    require_rank_over(actor, user)
    if is_oneself(actor, user):
        raise NotAllowedError("user", _("Nobody resets his own second factor; remove it in your profile."))
    kinds = sorted(user.second_factors.values_list("kind", flat=True))
    user.second_factors.all().delete()
    user.recovery_codes.all().delete()
    forget_sessions(user)
    audit(actor, "user.reset_second_factors", user, {"kinds": kinds})
    return _("%(login)s signs in with the password alone now.") % {"login": user.login}


def recovery_digest(code: str) -> str:
    """What is kept of a recovery code, however it is typed."""
    typed = "".join(sign for sign in code.lower() if sign.isalnum())
    return keyed_digest(typed, RECOVERY_PURPOSE)


def _oneself(actor: Actor, user: User) -> User:
    """The user, when it is the actor himself; root may prepare one for anybody."""
    require_himself(actor)
    user = found(visible_users(actor.scope), user, "user")
    if actor.user is not None and not is_oneself(actor, user):
        raise NotAllowedError("user", _("Everybody sets up his second factor himself."))
    return user
